"""The stations of a walkthrough, in the order of the plugin's own code.

`opening` says what the module is and when it loads, `asking` what it asks, `answering` how answers
become configuration, `running` what its steps do, `delivering` how that gets to the hosts,
`switching` how to turn it on and what a run prints. `keys` explains the keys of the protocol,
`consumers` finds the templates and the code that read a key.
"""
