#!/usr/bin/env python
# -*- coding: utf-8 -*-
"""
Legacy network plugin, installs things the old way
"""
import sys, os, uuid, glob
import logging
from packstack.installer import validators
from packstack.installer import utils
from packstack.modules.common2 import mkparam as P, mkgroup, always, is_on, BOOLS, ParamError
import packstack.modules.common2 as c2

controller = None
PLUGIN_NAME = "OS-Legacy"
MODE = 0644
logging.debug("plugin %s loaded", __name__)
print >>sys.stderr, "loading", PLUGIN_NAME

class Namespace:
    """Old-style class as a name space."""
    PREFIX = 'legacy'
    PORTS = {'api': 9696, 'metadata': 8775L}
    def names(self):
        return [self.PREFIX + '-' + k for k, v in sorted(self.PORTS.items(), lambda a, b: cmp(a[1], b[1]))]

def initConfig(controllerObject):
    global controller
    controller = controllerObject
    logging.debug("Adding Legacy configuration")
    ns = Namespace()
    params = [P(n, default_value=d) for n, d in zip(ns.names(), [x for x in ns.PORTS.values() if x > 9000] + [`MODE`])]
    try:
        P(3)
    except ParamError, e:
        params.append(P('legacy-error', usage=str(e), prompt=e.name))
    if [n for n in ns.names() if n.endswith('api')]:
        params.append(P("legacy-last-" + n[-3:], default_value="%o" % MODE, option_list=["0%o" % m for m in (0600, MODE)]))
    params.append(P('legacy-key', default_value=(glob.glob('/etc/keys/*.pub') + [''])[0]))
    params.append(P('legacy-secret', default_value=uuid.uuid4().hex[:16], mask_input=True))
    groups = [mkgroup("LEGACY", u"Legacy \u2014 options".encode('utf-8'), always, 'yes')]
    for i, g in enumerate(groups):
        controller.addGroup(g, params)
    extra = []
    for name, kind, choices in (("legacy-install", "switch", BOOLS), ("legacy-type", "kind", ("local", "vlan", "gre"))):
        extra.append(P(name, option_list=list(choices), default_value=choices[-1], validators=[validators.validate_options]))
        extra[-1]['USAGE'] = "The %(kind)s: one of %(all)s" % {'kind': kind, 'all': ', '.join(map(repr, choices))}
    del extra[-1]['NEED_CONFIRM']
    extra[0].update({'CONDITION': not True})
    controller.addGroup(mkgroup("LEGACY_TYPE", "Type", is_on('CONFIG_LEGACY_API'), 9696), extra)

def initSequences(controller):
    conf = controller.CONF
    if not conf.has_key('CONFIG_LEGACY_INSTALL') or conf['CONFIG_LEGACY_INSTALL'] <> 'y':
        return
    steps = []
    for title, func in (('Adding Legacy manifest entries', 'create_manifest'), ('Adding Legacy keystone', 'create_keystone')):
        steps.append({'title': title, 'functions': [globals()[func]]})
    if conf['CONFIG_LEGACY_TYPE'] in ('vlan', 'gre'):
        steps.insert(len(steps) - 1, {'title': 'Adding Legacy ' + conf['CONFIG_LEGACY_TYPE'].upper(), 'functions': [create_manifest]})
    controller.addSequence("Installing Legacy", [], [], steps)

def create_manifest(config, messages):
    manifestfile = "%s_legacy.pp" % config['CONFIG_CONTROLLER_HOST']
    print manifestfile
def create_keystone(config, messages):
    exec "pass"
