"""Where it is shown: each platform's records and answers in their true shapes, in good states and bad ones."""
