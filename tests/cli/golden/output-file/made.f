The cat sat on the mat.
