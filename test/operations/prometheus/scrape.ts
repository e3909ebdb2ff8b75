/** Returns the lines of a scrape without comments and without buckets. */
export async function scrapeLines(registry: { metrics(): Promise<string> }): Promise<string[]> {
  return linesIn(await registry.metrics()).filter((line) => !/^\w+_bucket\{/.test(line));
}

/** Returns the lines of a text of Prometheus without comments. */
export function linesIn(text: string): string[] {
  return text.split('\n').filter((line) => /^[a-zA-Z_]/.test(line));
}
