# The message broker that the services of all hosts talk through.
include packstack::amqp
