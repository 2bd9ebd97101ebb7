{"reason":"rule","document":1,"line":2,"byte":18,"text":"See our shop"}
{"reason":"phrase","category":"share","document":1,"line":3,"byte":31,"text":"Share on Twitter"}
