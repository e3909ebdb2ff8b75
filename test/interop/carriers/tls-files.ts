import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';

/** The certificate that both ends show and trust, as each runtime reads it. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
  readonly keyStore: string;
  readonly trustStore: string;
  readonly password: string;
}

/** Makes a certificate for 127.0.0.1. Java needs its stores, and has the tool for them. */
export function makeTlsFiles(withStores: boolean): TlsFiles {
  const folder = resolve('build/interop/tls');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const at = (name: string): string => resolve(folder, name);
  const files: TlsFiles = {
    certificate: at('certificate.pem'),
    key: at('key.pem'),
    keyStore: at('keys.p12'),
    trustStore: at('trusted.p12'),
    password: 'interop',
  };
  const { certificate, key, keyStore, trustStore, password } = files;
  const names = ['-subj', '/CN=interop', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  run('openssl', ['req', '-x509', ...curve, '-days', '2', ...names, '-keyout', key, '-out', certificate]);
  if (!withStores) return files;
  const inputs = ['-in', certificate, '-inkey', key];
  run('openssl', ['pkcs12', '-export', ...inputs, '-out', keyStore, '-passout', `pass:${password}`]);
  const store = ['-keystore', trustStore, '-storetype', 'PKCS12', '-storepass', password];
  run('keytool', ['-importcert', '-noprompt', '-alias', 'interop', '-file', certificate, ...store]);
  return files;
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
