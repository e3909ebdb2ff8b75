import { readFileSync } from 'node:fs';

/** Entry points with their files. */
const ENTRIES = [
  ['nestjs-sqs-thrift', 'lib/index.ts'],
  ['nestjs-sqs-thrift/codec', 'lib/codec.ts'],
  ['nestjs-sqs-thrift/http', 'lib/http.ts'],
  ['nestjs-sqs-thrift/idl', 'lib/idl.ts'],
  ['nestjs-sqs-thrift/port', 'lib/port.ts'],
  ['nestjs-sqs-thrift/testing', 'lib/testing.ts'],
] as const;

/** Types that users write too, besides all types whose names end in `Options`. */
const WRITTEN: ReadonlySet<string> = new Set([
  'CarrierEnds',
  'CarrierPromises',
  'CarrierUnderTest',
  'HandlerDecision',
  'IdlErrorDetails',
  'MessageReceiver',
  'OnewayCall',
  'QueueErrorInit',
  'QueueLimits',
  'ReceivedMessage',
  'WireMessage',
]);

/** Names the optional properties of a type that refuse an explicit `undefined`. */
const REFUSING = `type Refusing<T> = T extends unknown
  ? { [K in keyof T]-?: undefined extends Required<T>[K] ? never : object extends Pick<T, K> ? K : never }[keyof T]
  : never;`;

/** Returns the exported names of a file that are options, or are in `WRITTEN`. */
function namesIn(file: string): string[] {
  const lists = [...readFileSync(file, 'utf8').matchAll(/export (?:type )?\{([^}]*)\}/g)];
  const names = lists.flatMap(([, list]) => list!.split(',').map((name) => name.trim().replace(/^type /, '')));
  return names.filter((name) => name.endsWith('Options') || WRITTEN.has(name));
}

/**
 * Returns the source of one compile case for each type that users write. It compiles if
 * `exactOptionalPropertyTypes` accepts `undefined` for every optional property.
 */
export function optionChecks(): string {
  const cases = ENTRIES.flatMap(([specifier, file]) =>
    namesIn(file).map((name) => {
      const refusing = `Refusing<import('${specifier}').${name}>`;
      return [
        `/** accepts undefined for every optional property of ${name} of ${specifier} */`,
        `export const check${name}: [${refusing}] extends [never] ? true : ${refusing} = true;`,
      ].join('\n');
    }),
  );
  return [REFUSING, ...cases].join('\n\n');
}
