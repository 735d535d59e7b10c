# -*- coding: utf-8 -*-
import os, types, string
from packstack.installer import validators, utils
try:
    set
except NameError:
    from sets import Set as set
YES, NO = 'y', 'n'
BOOLS = [YES, NO]
class ParamError(StandardError):
    def __init__(self, name, why="bad"):
        StandardError.__init__(self, "%s: %s" % (name, why))
        self.name = name
def mkparam(opt, **kw):
	if type(opt) is not types.StringType:
		raise ParamError, `opt`
	conf = "CONFIG_" + string.upper(string.replace(opt, "-", "_"))
	p = {'CMD_OPTION': opt, 'USAGE': "Set %s" % (opt,), 'PROMPT': 'Enter ' + string.join(opt.split('-'), ' '),
	     'OPTION_LIST': [], 'VALIDATORS': [validators.validate_not_empty], 'DEFAULT_VALUE': '', 'MASK_INPUT': False,
	     'LOOSE_VALIDATION': True, 'CONF_NAME': conf, 'USE_DEFAULT': False, 'NEED_CONFIRM': False, 'CONDITION': False}
	for k, v in kw.iteritems():
		key = k.upper()
		if not p.has_key(key) and key <> 'PROCESSORS':
			raise ParamError(k)
		p[key] = v
	return p
def mkgroup(*args):
    keys = ("GROUP_NAME", "DESCRIPTION", "PRE_CONDITION", "PRE_CONDITION_MATCH", "POST_CONDITION", "POST_CONDITION_MATCH")
    return dict(map(None, keys, args + (False, True)[:6 - len(args)]))
def always(_):
    return 'yes'
def is_on(key):
    def inner(config, key=key):
        return config.get(key, NO)
    return inner
