# @summary How many processes an API service runs.
#
# @param answer
#   A number, or `auto`: as many as the host has processors, yet at least 2 and at most 8.
#
# @return [Integer]
function packstack::workers(String[1] $answer) >> Integer[1] {
  $answer ? {
    'auto'  => min(max($facts['processors']['count'], 2), 8),
    default => Integer($answer, 10),
  }
}
