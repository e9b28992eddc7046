"""Published criteria as functions of values; they know no form, file or clock."""
