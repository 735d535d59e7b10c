# Nova's and Placement's databases and their accounts, on the database server.
include packstack::nova::database
