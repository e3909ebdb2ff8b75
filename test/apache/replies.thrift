/** One method that a queue can carry, and one that it cannot. */
service Replies {
  oneway void tell(1: string text)
  string ask(1: string text)
}
