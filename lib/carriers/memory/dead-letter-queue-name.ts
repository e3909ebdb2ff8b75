/** Names the dead-letter queue of a queue: `orders-dlq`, or `orders-dlq.fifo` for `orders.fifo`. */
export function deadLetterQueueName(queue: string): string {
  return queue.endsWith('.fifo') ? queue.replace(/\.fifo$/, '-dlq.fifo') : `${queue}-dlq`;
}
