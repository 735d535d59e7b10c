"""From a model to diagnostics: rules, suppressions, the baseline, fixes and reports.

Start at `checker.check`. Rules judge a `Subject`; what they need from elsewhere (a comparison with
a base, anchors that were published) is handed to it as data.
"""
