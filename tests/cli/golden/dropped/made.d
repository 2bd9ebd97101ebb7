{"reason":"repeat","document":1,"line":2,"byte":24,"text":"she said “the cat sat”."}
