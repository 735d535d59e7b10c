# The agent that connects the servers of a host to their networks.
include packstack::neutron::l2_agent
