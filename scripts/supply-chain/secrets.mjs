/** Whether something that is a secret by its look stands in a file that git knows. */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const LARGEST_BYTES = 2 * 1024 * 1024;

const LOOKS = [
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\r?\n[A-Za-z0-9+/=\r\n]{64,}/],
  ['a key of AWS', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['a token of GitHub', /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})\b/],
  ['a token of npm', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['a token of Slack', /\bxox[abprs]-[A-Za-z0-9-]{20,}/],
  ['a webhook of Slack', /hooks\.slack\.com\/services\/T[A-Z0-9]{8,}\/B[A-Z0-9]{8,}\/[A-Za-z0-9]{20,}/],
  ['a key of Google', /\bAIza[A-Za-z0-9_-]{35}\b/],
  ['a signed token', /\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}/],
  [
    'a password in an address',
    /\b[a-z][a-z0-9+]*:\/\/[A-Za-z0-9._-]+:(?!\$|<|\.\.\.)[^\s:@/'"`{}]{12,}@(?!127\.0\.0\.1|localhost)/,
  ],
];

/** @returns what was found, one line each; never the secret itself */
export function secretsIn(root) {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, maxBuffer: 64 * 1024 * 1024 })
    .toString()
    .split('\0')
    .filter((file) => file !== '' && !/\.(png|jpg|woff2?|xlsx|ico)$/.test(file));
  return files.flatMap((file) => {
    const path = join(root, file);
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return [];
    if (statSync(path).size > LARGEST_BYTES) return [`${file}: too large to be looked at`];
    const text = readFileSync(path, 'utf8');
    return LOOKS.filter(([, look]) => look.test(text)).map(
      ([what, look]) => `${file}:${lineOf(text, look)}: looks like ${what}`,
    );
  });
}

function lineOf(text, look) {
  return text.slice(0, text.search(look)).split('\n').length;
}
