# Neutron's database and its account, on the database server.
include packstack::neutron::database
