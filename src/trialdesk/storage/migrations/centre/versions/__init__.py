"""One script for each layout of the centre's store; a script is never changed once a store was made with it."""
