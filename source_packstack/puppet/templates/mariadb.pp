# The database server that holds each service's database.
include packstack::mariadb
