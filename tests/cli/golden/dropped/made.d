{"reason":"repeat","document":1,"line":2,"byte":25,"text":"she said “the cat sat”."}
