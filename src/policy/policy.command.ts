import { readFileSync, writeFileSync } from 'node:fs';
import { finished, type CalendarDate } from '../kernel';
import {
  checkPolicy,
  compilePolicy,
  diffPolicies,
  findTable,
  importSheet,
  isDirectProduct,
  placeIn,
  runPolicyTests,
  SheetError,
  sheetOf,
  writeCsv,
  type Policy,
  type ReferenceData,
  type Sheet,
  type TableAddress,
} from './domain';
import { openPolicyFile, readJsonFile, UnreadableFileError } from './policy-file';
import { SheetReading } from './sheets/sheet-reading';
import { writeXlsx } from './sheets/write-xlsx';

/** What a command needs from outside; results go to `out`, what is wrong with its use to `err`. */
export interface PolicyCommandContext {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  readonly reference: ReferenceData;
  readonly today: CalendarDate;
}

const USAGE = `uso: policy check ARQUIVO...                  problemas e achados de cada documento
     policy test ARQUIVO...                   roda os casos de teste que cada documento traz
     policy diff ANTES DEPOIS                 o que mudou, célula a célula
     policy export ARQUIVO TABELA PLANILHA    grava uma tabela em .csv ou .xlsx (de outro produto: fgts/TABELA)
     policy import ARQUIVO TABELA PLANILHA    lê as linhas de volta; o arquivo só muda se tudo estiver certo
     policy backtest CANDIDATA BASE DE ATÉ    as duas sobre os pedidos guardados desses dias
     policy replay LEILÃO [POLÍTICA]          uma decisão passada outra vez, e sob outra política`;

/**
 * `npm run policy -- check|test|diff|import|export`: works on policy files, without a database.
 * @returns the exit code: 0 sound, 1 something is wrong with a policy, 2 wrong use or an unreadable file.
 */
export function runPolicyCommand(args: readonly string[], context: PolicyCommandContext): number {
  const [command, ...files] = args;
  try {
    if (command === 'check' && files.length > 0) return worst(files.map((file) => check(file, context)));
    if (command === 'test' && files.length > 0) return worst(files.map((file) => test(file, context)));
    if (command === 'diff' && files.length === 2) return diff(files, context);
    const [file, table, sheet] = files;
    if (file !== undefined && table !== undefined && sheet !== undefined && files.length === 3) {
      if (command === 'export') return exportTable(file, table, sheet, context);
      if (command === 'import') return importTable(file, table, sheet, context);
    }
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    context.err(error.message);
    return 2;
  }
  context.err(USAGE);
  return 2;
}

const worst = (codes: readonly number[]): number => Math.max(...codes);

function check(file: string, context: PolicyCommandContext): number {
  const policy = openPolicyFile(file, context.out);
  if (policy === undefined) return 1;
  const findings = finished(checkPolicy(policy, context.reference, context.today));
  for (const { severity, path, message } of findings) {
    context.out(`${file}: ${severity === 'error' ? 'erro' : 'aviso'}: ${path}: ${message}`);
  }
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (errors === 0) context.out(`${file}: ok (${compiled(policy).hash})`);
  return errors === 0 ? 0 : 1;
}

function test(file: string, context: PolicyCommandContext): number {
  const policy = openPolicyFile(file, context.out);
  if (policy === undefined) return 1;
  const results = runPolicyTests(compiled(policy));
  for (const { name, passed, expected, actual } of results) {
    if (!passed) {
      context.out(`${file}: falhou: ${name}`);
      context.out(`  esperado: ${JSON.stringify(expected)}`);
      context.out(`  obtido:   ${JSON.stringify(actual)}`);
    }
  }
  const failed = results.filter(({ passed }) => !passed).length;
  context.out(`${file}: ${String(results.length - failed)} de ${String(results.length)} casos passam`);
  return failed === 0 ? 0 : 1;
}

function diff(files: readonly string[], context: PolicyCommandContext): number {
  const [before, after] = files.map((file) => openPolicyFile(file, context.out));
  if (before === undefined || after === undefined) return 1;
  for (const change of diffPolicies(before, after)) {
    const sign = { added: '+', removed: '-', changed: '~' }[change.kind];
    const values = [change.before, change.after].map((value) => value ?? '(nada)').join(' -> ');
    context.out(`${sign} ${change.path}: ${values}`);
  }
  return 0;
}

function exportTable(file: string, tableId: string, path: string, context: PolicyCommandContext): number {
  const policy = openPolicyFile(file, context.out);
  const table = policy && findTable(policy, addressOf(tableId));
  if (table === undefined) {
    context.out(`${file}: erro: tables: não há tabela ${tableId}`);
    return 1;
  }
  const sheet = sheetOf(table);
  writeFileSync(path, isXlsx(path) ? writeXlsx(table.id, sheet) : `\uFEFF${writeCsv(sheet)}`);
  return 0;
}

function importTable(file: string, tableId: string, path: string, context: PolicyCommandContext): number {
  // Plain JSON: what has no part in the table is written back as it was, its integers as numbers.
  const { tab, sheet } = readSheet(path);
  const imported = finished(importSheet(readJsonFile(file, JSON.parse), addressOf(tableId), sheet));
  if (imported.kind === 'ok') {
    writeFileSync(file, `${JSON.stringify(imported.document, null, 2)}\n`);
    return 0;
  }
  for (const { cell, message, value } of imported.problems) {
    const found = value === null ? '' : ` (encontrado: ${value})`;
    context.out(`${path}: erro: ${cell === '' ? 'planilha' : placeIn(tab, cell)}: ${message}${found}`);
  }
  return 1;
}

/** A table by its name, after the product's where it is not private payroll: `fgts/precos`. */
function addressOf(name: string): TableAddress {
  const [product, table] = name.split('/');
  return isDirectProduct(product) && table !== undefined
    ? { product, table }
    : { product: 'private_payroll', table: name };
}

const isXlsx = (path: string): boolean => path.toLowerCase().endsWith('.xlsx');

function readSheet(path: string): { readonly tab: string | undefined; readonly sheet: Sheet } {
  const reading = new SheetReading({ format: isXlsx(path) ? 'xlsx' : 'csv' });
  const answer = reading.take(readBytes(path)) ?? reading.end();
  if (answer.kind === 'sheet') return { tab: answer.source.tab ?? undefined, sheet: answer.sheet };
  const why = answer.kind === 'refused' ? new SheetError(answer.place, answer.reason) : answer.kind;
  throw new UnreadableFileError(path, why);
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UnreadableFileError(path, error);
  }
}

/** A file's lists kept outside it are not at hand here: its rules on them see empty lists. */
function compiled(policy: Policy): ReturnType<typeof compilePolicy> {
  const external = policy.lists.filter((list) => !('entries' in list));
  const empty = { sha256: '', has: () => false };
  return compilePolicy(policy, new Map(external.map(({ name }) => [name, empty])));
}
