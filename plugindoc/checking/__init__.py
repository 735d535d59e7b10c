"""From a model to diagnostics: rules, suppressions, the baseline, fixes and reports.

Start at `checker.check`. Rules check a `Subject`; what they need from elsewhere (a comparison with
a base, anchors that were published) is passed in as data.
"""
