"""What inspectors ask, answered from the trail: one page of questions, each a table that can be printed and taken along."""
