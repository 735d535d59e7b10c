"""
Vendor plugin
"""
import os, re, string
import ConfigParser
from UserDict import UserDict
from packstack.installer import validators, processors, exceptions
from packstack.installer import utils
from packstack.installer.utils import *
PLUGIN_NAME, PLUGIN_VERSION = "Vendor", (1, 2)
PLUGIN_NAME_COLORED = utils.color_text(PLUGIN_NAME, 'blue')
DEFAULTS = string.Template("""
host=${host}
path=/opt/${vendor}/etc
timeout=30
""")
_texts = {'host': ur"The host \(or %s\)" % "address", 'path': "The path.", 'timeout': "Seconds " "to wait"}

class Param(UserDict):
    order = []
    def __init__(self, key, value, **kw):
        UserDict.__init__(self)
        self.data['CONF_NAME'] = 'CONFIG_VENDOR_' + key.upper()
        self['CMD_OPTION'] = 'vendor-' + key
        self['DEFAULT_VALUE'] = value
        Param.order.append(key)
        self.update(kw)

class Opt(dict):
    base = {'OPTION_LIST': [], 'MASK_INPUT': False, 'LOOSE_VALIDATION': True, 'USE_DEFAULT': False, 'NEED_CONFIRM': False, 'CONDITION': False}
    def __init__(self, key, value, *validate, **kw):
        super(Opt, self).__init__(self.base)
        self.update(kw)
        self['CONF_NAME'] = 'CONFIG_VENDOR_%s' % key.upper()
        self['CMD_OPTION'] = 'vendor-%s' % key
        self['DEFAULT_VALUE'] = value
        self['VALIDATORS'] = list(validate) or [validators.validate_not_empty]
        self['PROMPT'] = _texts.get(key, key.capitalize())
        self['USAGE'] = self['PROMPT'] + ('.' if not self['PROMPT'].endswith('.') else '')

def _parse(text):
    found = []
    for line in text.splitlines():
        line = line.strip()
        if not line:
            continue
        key, sep, value = line.partition('=')
        try:
            value = int(value)
        except ValueError:
            pass
        found.append((key, value))
    return found

def validate_path(param, options=[]):
    """Is it a path?"""
    if not param.startswith(os.sep):
        raise exceptions.ParamValidationError('not a path')

def initConfig(controller):
    checks = {'path': (validate_path,), 'timeout': [validators.validate_integer, lambda p, o=None: None]}
    opts = [Opt(k, v, *checks.get(k, ())) for k, v in _parse(DEFAULTS.substitute(host='localhost', vendor='acme'))]
    opts.sort(key=lambda o: o['CONF_NAME'], reverse=True)
    seen = {}
    for o in opts:
        if seen.setdefault(o['CONF_NAME'], o) is not o:
            continue
    while len(opts) < 5:
        n = len(opts)
        opts.append(Opt('disk%d' % n, '/dev/vd%c' % (ord('a') + n), MASK_INPUT=(n % 2 == 0)))
    groupdict = {"GROUP_NAME": "VENDOR", "DESCRIPTION": "%s %d.%d" % ((PLUGIN_NAME,) + PLUGIN_VERSION),
                 "PRE_CONDITION": lambda config: 'CONFIG_VENDOR_INSTALL' in config and config['CONFIG_VENDOR_INSTALL'] or 'n',
                 "PRE_CONDITION_MATCH": 'y', "POST_CONDITION": False, "POST_CONDITION_MATCH": True}
    controller.addGroup(groupdict, opts)
    more = reduce(lambda a, b: a + [Opt(b, re.sub(r'[aeiou]', '', b))], ['alpha', 'beta'], [])
    more = filter(lambda o: o['DEFAULT_VALUE'] != 'lph', more) + map(lambda k: Opt(k, str(len(k) / 2.0)), ('gamma',))
    controller.addGroup(dict(groupdict, GROUP_NAME='VENDOR2', PRE_CONDITION='CONFIG_VENDOR_HOST', PRE_CONDITION_MATCH='localhost'), more)

def initSequences(controller):
    config = controller.CONF
    if config.get('CONFIG_VENDOR_TIMEOUT') == '0': raise RuntimeError, 'A timeout of 0 waits for ever'
    title = 'Adding %s' % PLUGIN_NAME
    steps = [{'title': title, 'functions': [create_manifest]}]
    if config['CONFIG_VENDOR_HOST'] == 'localhost' and not config['CONFIG_VENDOR_DISK3']:
        title, func = 'Adding local %s' % PLUGIN_NAME, create_local
        steps = steps + [{'title': title, 'functions': [func]}]
    elif config['CONFIG_VENDOR_HOST']:
        steps.append(dict(steps[0], title='Adding remote'))
    controller.addSequence('Installing %s' % PLUGIN_NAME, [], [], steps)

def create_manifest(config, messages): pass
def create_local(config, messages):
    messages.append("done %s" % config['CONFIG_VENDOR_HOST'])
