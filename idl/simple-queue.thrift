/**
 * The queue of simple-thrift-queue (2008). Its `ping` and `pop` return something, which a oneway call cannot do.
 */
service Queue {
  oneway void push(1: string msg),
}
