/**
 * Compares the public API of the build with the reports in docs/api, one for each entry point.
 * `--write` writes the reports instead. Exits with 1 and prints the difference if they differ, or if
 * a public declaration uses a type that applications cannot import. Needs a build.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import ts from 'typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const entries = Object.values(manifest.exports).flatMap((target) => target.import?.types ?? []);

/**
 * Types that public declarations use and no entry point exports. test/types/declarations shows that
 * TypeScript needs no name for them in the declarations of an application.
 */
const UNNAMED = {
  'parameters that are written in place': [
    'AppModule',
    'MicroserviceSettings',
    'StrategyFactory',
    'TestingModuleLike',
    'ThriftControllerOptions',
  ],
  'unions of texts and parts of options, which TypeScript writes out': [
    'ConnectionMember',
    'EnvironmentName',
    'ReservedAttribute',
    'SnsTopicTimeouts',
  ],
  'base classes and base interfaces': [
    'Mountable',
    'QueueEnd',
    'RegistrableClient',
    'TProtocolException',
    'TransportListeners',
  ],
  'results of type arguments, which TypeScript writes out': [
    'AnyHandler',
    'BareMethodName',
    'BarePattern',
    'ControllerFault',
    'DefaultName',
    'EmitResult',
    'HandledArgs',
    'HandledName',
    'HandlerFault',
    'MethodData',
    'MethodName',
    'MethodPattern',
    'OfferedBy',
  ],
  'parts that generated modules hand back to the library': ['I64Mode', 'StructCodec', 'codecRuntime'],
  'parts that queues in memory hand each other': ['StoredMessage'],
};

/** Turns off what test/public-api.e2e-spec.ts and the linter check. */
const messages = {
  compilerMessageReporting: { default: { logLevel: 'error' } },
  extractorMessageReporting: {
    default: { logLevel: 'error' },
    'ae-forgotten-export': { logLevel: 'warning' },
    'ae-missing-release-tag': { logLevel: 'none' },
    'ae-undocumented': { logLevel: 'none' },
    'ae-unresolved-link': { logLevel: 'none' },
  },
  tsdocMessageReporting: { default: { logLevel: 'none' } },
};

const { compilerOptions } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config;

/** Returns the settings of an entry point, such as `./dist/port.d.ts`. */
function configOf(entry) {
  const configObject = {
    projectFolder: root,
    mainEntryPointFilePath: join(root, entry),
    newlineKind: 'lf',
    enumMemberOrder: 'preserve',
    compiler: { overrideTsconfig: { compilerOptions: { ...compilerOptions, paths: {} }, files: [join(root, entry)] } },
    apiReport: {
      enabled: true,
      reportFileName: /([^/]+)\.d\.ts$/.exec(entry)[1],
      reportFolder: join(root, 'docs', 'api'),
      reportTempFolder: join(root, 'build', 'api'),
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    messages,
  };
  return ExtractorConfig.prepare({ configObject, packageJsonFullPath: join(root, 'package.json') });
}

/** Writes or compares the report of an entry point. Returns its names, its unnamed types, and the success. */
function report(config, compilerState, localBuild) {
  const unnamed = new Set();
  const messageCallback = (message) => {
    const isForgotten = message.messageId === 'ae-forgotten-export';
    if (isForgotten) unnamed.add(/The symbol "([^"]+)"/.exec(message.text)[1]);
    if (isForgotten || localBuild || message.logLevel === ExtractorLogLevel.Info)
      message.logLevel = ExtractorLogLevel.None;
  };
  const { succeeded } = Extractor.invoke(config, {
    localBuild,
    compilerState,
    printApiReportDiff: true,
    messageCallback,
  });
  const text = readFileSync(config.mainEntryPointFilePath, 'utf8');
  const lists = [...text.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list]) => list.split(','));
  return { succeeded, unnamed, names: lists.map((name) => name.trim().replace(/^type /, '')) };
}

const write = process.argv.includes('--write');
const configs = entries.map(configOf);
const additionalEntryPoints = configs.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath);
const compilerState = CompilerState.create(configs[0], { additionalEntryPoints });
const reports = configs.map((config) => report(config, compilerState, write));

const faults = [];
if (reports.some(({ succeeded }) => !succeeded)) {
  faults.push('The public API differs from docs/api. If you mean the change, run: npm run api');
}
const names = new Set(reports.flatMap((one) => one.names));
const used = new Set(reports.flatMap(({ unnamed }) => [...unnamed]).filter((name) => !names.has(name)));
const known = Object.values(UNNAMED).flat();
const unknown = [...used].filter((name) => !known.includes(name));
if (unknown.length > 0) faults.push(`Public declarations use types that no entry point exports: ${unknown.join(', ')}`);
const unused = known.filter((name) => !used.has(name));
if (unused.length > 0) faults.push(`No public declaration uses these types of UNNAMED: ${unused.join(', ')}`);

for (const fault of faults) console.error(fault);
if (faults.length === 0) {
  for (const [at, entry] of entries.entries()) console.log(`${entry}: ${reports[at].names.length} names`);
}
process.exitCode = faults.length === 0 ? 0 : 1;
