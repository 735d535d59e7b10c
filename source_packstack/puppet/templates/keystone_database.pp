# Keystone's database and its account, on the database server.
include packstack::keystone::database
