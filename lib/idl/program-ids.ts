/** The name of a program: the file's name without folders and without its last extension, as in Apache's compiler. */
export function programName(file: string): string {
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  const dot = base.lastIndexOf('.');
  return dot === -1 ? base : base.slice(0, dot);
}

/**
 * The prefix of each file's ids: its program name, and where that could make two ids the same `shared~2`, `shared~3` …
 * `~` is in no identifier, so that the suffix cannot meet another name.
 */
export function programIds(files: readonly string[]): string[] {
  const ids: string[] = [];
  for (const file of files) {
    const name = programName(file);
    let id = name;
    for (let count = 2; ids.some((other) => clash(id, other)); count += 1) id = numbered(name, count);
    ids.push(id);
  }
  return ids;
}

/** Numbers the part before the first dot: whatever else is taken, some number is free. */
function numbered(name: string, count: number): string {
  const [first, ...rest] = name.split('.');
  return [`${first}~${count}`, ...rest].join('.');
}

/** Files called `a` and `a.b` clash too: a struct of the one could have the id of a service's parameters in the other. */
function clash(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
