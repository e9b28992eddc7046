"""Keys, slots, certificates and signatures over bytes; nothing here knows a study or a form."""
