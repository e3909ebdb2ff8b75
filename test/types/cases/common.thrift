/** Included by services.thrift. */
struct Point { 1: required double x, 2: required double y }

service Pinger {
  oneway void ping()
}
