"""The engine: plugins to options, options to answers, answers to configured hosts."""
