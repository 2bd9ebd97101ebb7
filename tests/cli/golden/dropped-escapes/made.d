{"reason":"repeat","document":1,"line":2,"byte":55,"text":"A \\ back\u0001slash, a \u202emark, a \u0080 control and 😀 stay."}
