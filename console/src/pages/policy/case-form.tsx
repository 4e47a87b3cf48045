import {
  ActionIcon,
  Alert,
  Button,
  Drawer,
  Group,
  MultiSelect,
  Paper,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { useMemo, useState } from 'react';
import type { Examination } from '../../api/client';
import { mayBeLost } from '../../session/unsaved';
import { Icon } from '../../shell/icons';
import { optionsOf, reasonWord } from '../../words/words';
import { Literal } from '../../parts/literal';
import { HELP } from '../../words/help-words';
import { useCheck } from './checking';
import { useDictionary, type Field } from './dictionary';
import type { Fact, Manuscript, PolicyDocument, PolicyTableRow, PolicyTestCase } from './document';
import { columnsOf, textOf } from './grid';
import { OperandInput } from './operand-input';
import { OUTCOME, ResultBadge } from './outcome';
import { messageAt, problemsIn } from './problems';
import { feeTablesOf } from './product-view';
import { useHold } from './use-hold';

interface Props {
  readonly manuscript: Manuscript;
  /** The document as the case's product sees it. */
  readonly view: PolicyDocument;
  /** Which case; one more than there are is a new one. */
  readonly at: number;
  readonly case: PolicyTestCase;
  readonly isEditable: boolean;
  readonly onClose: () => void;
  readonly onSave: (one: PolicyTestCase) => void;
}

/** One test case: what is known of the request, what the policy should say, and what it says as it stands now. */
export function CaseForm({ manuscript, view, at, case: start, isEditable, onClose, onSave }: Props) {
  const [one, setOne] = useState(start);
  useHold(isEditable);
  const { document } = manuscript;
  const cases = useMemo(() => document.test_cases ?? [], [document]);
  const tried = useMemo(
    () => ({
      ...manuscript,
      document: { ...document, test_cases: [...cases.slice(0, at), one, ...cases.slice(at + 1)] },
    }),
    [manuscript, document, cases, one, at],
  );
  const { problems, examination, isBusy } = useCheck(tried);
  const place = `test_cases[${String(at)}]`;
  const errors = problemsIn(problems, place).filter(({ severity }) => severity === 'error');
  const result = examination?.tests.find(({ name }) => name === one.name);
  const set = (change: Partial<PolicyTestCase>): void => {
    setOne((before) => ({ ...before, ...change }));
  };
  const isNew = at >= cases.length;
  const leave = (): void => {
    if (one === start || mayBeLost()) onClose();
  };
  return (
    <Drawer
      opened
      onClose={leave}
      position="right"
      size="xl"
      title={isNew ? 'Novo caso de teste' : one.name}
      closeButtonProps={{ 'aria-label': 'Fechar' }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSave(one);
        }}
      >
        <Stack>
          <Result result={result} isBusy={isBusy} document={view} />
          <TextInput
            label="Nome"
            description={HELP.case.name}
            required
            readOnly={!isEditable}
            value={one.name}
            error={messageAt(errors, `${place}.name`)}
            onChange={(event) => {
              set({ name: event.currentTarget.value });
            }}
          />
          <SimpleGrid cols={{ base: 1, sm: 3 }}>
            <Select
              label="Parte dos dados de"
              description={HELP.case.like}
              placeholder="nenhum"
              clearable={isEditable}
              searchable
              readOnly={!isEditable}
              data={[
                ...new Set(
                  cases
                    .filter((other) => other.name !== start.name && other.product === one.product)
                    .map(({ name }) => name),
                ),
              ]}
              value={one.like ?? null}
              error={messageAt(errors, `${place}.like`)}
              onChange={(like) => {
                const { like: _, ...rest } = one;
                setOne(like === null ? rest : { ...rest, like });
              }}
            />
            <DatePickerInput
              label="Dia"
              description={HELP.case.on}
              valueFormat="DD/MM/YYYY"
              readOnly={!isEditable}
              value={one.on}
              error={messageAt(errors, `${place}.on`)}
              onChange={(on) => {
                if (on !== null) set({ on });
              }}
            />
            {one.product === undefined && (
              <Select
                label="Momento"
                description={HELP.case.window}
                allowDeselect={false}
                readOnly={!isEditable}
                data={[
                  { value: 'on_time', label: 'Antes do encerramento' },
                  { value: 'late', label: 'Depois do encerramento' },
                ]}
                value={one.window ?? 'on_time'}
                onChange={(window) => {
                  set({ window: window ?? 'on_time' });
                }}
              />
            )}
          </SimpleGrid>
          <Facts
            facts={one.facts}
            isEditable={isEditable}
            errorOf={(name) => messageAt(errors, `${place}.facts.${name}`)}
            onChange={(facts) => {
              set({ facts });
            }}
          />
          <Expected
            one={one}
            document={view}
            isEditable={isEditable}
            error={messageAt(errors, `${place}.expect`)}
            onChange={(expect) => {
              set({ expect });
            }}
          />
          <Group justify="flex-end">
            {isEditable && result !== undefined && !result.passed && (
              <Button
                variant="default"
                disabled={isBusy}
                onClick={() => {
                  const { outcome, reasons, row } = result.actual;
                  const { fee_table } = one.expect;
                  const isOffer = outcome !== 'decline';
                  const price = {
                    ...(row !== null && isOffer && { row }),
                    ...(fee_table !== undefined && isOffer && { fee_table }),
                  };
                  set({ expect: { outcome, reasons, ...price } });
                }}
              >
                Esperar o que se obteve
              </Button>
            )}
            <Button variant="default" onClick={leave}>
              Voltar
            </Button>
            {isEditable && <Button type="submit">{isNew ? 'Acrescentar' : 'Aplicar'}</Button>}
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}

type TestResult = Examination['tests'][number];

/** What the policy says of the case now: outcome, each reason in words, and the row that prices it. */
function Result({
  result,
  isBusy,
  document,
}: {
  readonly result: TestResult | undefined;
  readonly isBusy: boolean;
  readonly document: PolicyDocument;
}) {
  if (result === undefined)
    return (
      <Alert color="gray" role="status">
        {isBusy ? 'Rodando o caso…' : 'O caso roda quando o documento não tem erros.'}
      </Alert>
    );
  const { actual, explained } = result;
  return (
    <Paper p="sm" bg="var(--page)" data-result={result.passed ? 'passed' : 'failed'}>
      <Stack gap="xs">
        <Group gap="sm">
          <ResultBadge result={result} />
          <Text size="sm" role="status">
            A política <b>{OUTCOME[actual.outcome] ?? actual.outcome}</b>
            {isBusy && ' (rodando de novo…)'}
          </Text>
        </Group>
        {explained.map(({ code, rule, message, observed, required }) => (
          <div key={`${code} ${rule ?? ''}`}>
            <Text size="sm" fw={500}>
              {message}
            </Text>
            <Text size="xs" c="dimmed">
              {reasonWord(code)}
              {observed !== null && ` · observado: ${observed}`}
              {required !== null && ` · exigido: ${required}`}
            </Text>
          </div>
        ))}
        <MatchedRow id={actual.row} document={document} />
      </Stack>
    </Paper>
  );
}

function MatchedRow({ id, document }: { readonly id: string | null; readonly document: PolicyDocument }) {
  const dictionary = useDictionary();
  const table = document.tables.find(({ rows }) => rows.some((row) => row.id === id));
  const row = table?.rows.find((one) => one.id === id);
  if (table === undefined || row === undefined)
    return (
      <Text size="sm" c="dimmed">
        Nenhuma linha de preço.
      </Text>
    );
  return (
    <div>
      <Text size="sm">
        Linha <Literal>{row.id}</Literal> de {table.label}
      </Text>
      <Text size="xs" c="dimmed">
        {rowInWords(row, columnsOf(table, dictionary.typeOf), dictionary.labelOf)}
      </Text>
    </div>
  );
}

function rowInWords(
  row: PolicyTableRow,
  columns: ReturnType<typeof columnsOf>,
  labelOf: (field: string) => string,
): string {
  const shown = columns
    .filter(({ part }) => part !== 'id')
    .map((column) => [column, textOf(row, column)] as const)
    .filter(([, text]) => text !== '' && text !== 'qualquer');
  const words = { from: ' de ', below: ' até antes de ', set: ': ', then: ': ', id: '' };
  return shown
    .map(([{ part, name }, text]) =>
      name === 'monthly_interest_rate' ? `taxa ${text}% a.m.` : `${labelOf(name)}${words[part]}${text}`,
    )
    .join(' · ');
}

interface FactsProps {
  readonly facts: PolicyTestCase['facts'];
  readonly isEditable: boolean;
  readonly errorOf: (field: string) => string | undefined;
  readonly onChange: (facts: PolicyTestCase['facts']) => void;
}

/** What is known of the request: each fact in the form of its field. Null: not known, whatever the case it starts from says. */
function Facts({ facts, isEditable, errorOf, onChange }: FactsProps) {
  const dictionary = useDictionary();
  const free = dictionary.fields.filter(({ name }) => !(name in facts));
  return (
    <div>
      <Title order={3} size="h5" mb={6}>
        O que se sabe do pedido
      </Title>
      <Table verticalSpacing={4}>
        <Table.Tbody>
          {Object.entries(facts).map(([name, value]) => {
            const field = dictionary.field(name);
            return (
              <Table.Tr key={name}>
                <Table.Td w="42%">{field?.label ?? name}</Table.Td>
                <Table.Td>
                  {value === null ? (
                    <Text size="sm" c="dimmed">
                      não se sabe
                    </Text>
                  ) : field === undefined || !isEditable ? (
                    String(value)
                  ) : (
                    <FactInput
                      field={field}
                      value={value}
                      error={errorOf(name)}
                      onChange={(changed) => {
                        onChange({ ...facts, [name]: changed });
                      }}
                    />
                  )}
                </Table.Td>
                {isEditable && (
                  <Table.Td w={40}>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={`Tirar ${field?.label ?? name}`}
                      onClick={() => {
                        const { [name]: _, ...others } = facts;
                        onChange(others);
                      }}
                    >
                      <Icon name="close" size={14} />
                    </ActionIcon>
                  </Table.Td>
                )}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
      {isEditable && (
        <Select
          mt="xs"
          aria-label="Mais um dado"
          placeholder="Mais um dado…"
          searchable
          data={free.map(({ name, label }) => ({ value: name, label }))}
          value={null}
          onChange={(name) => {
            const field = dictionary.field(name ?? '');
            if (field !== undefined) onChange({ ...facts, [field.name]: startFact(field) });
          }}
        />
      )}
    </div>
  );
}

function startFact({ type }: Field): Fact {
  if (type === 'boolean') return true;
  return type === 'code_list' ? [] : '';
}

function FactInput({
  field,
  value,
  error,
  onChange,
}: {
  readonly field: Field;
  readonly value: Exclude<Fact, null>;
  readonly error: string | undefined;
  readonly onChange: (value: Fact) => void;
}) {
  // A fact is a value, whoever it is of: here a personal one is an invented one.
  const bare = { ...field, personal: false };
  if (field.type === 'code_list')
    return (
      <MultiSelect
        aria-label={field.label}
        data={(field.codes ?? []).map(({ code, name }) => ({ value: code, label: `${code} · ${name}` }))}
        placeholder="nenhum"
        searchable
        value={Array.isArray(value) ? value.map(String) : []}
        error={error}
        onChange={onChange}
      />
    );
  return (
    <OperandInput
      field={bare}
      shape="scalar"
      label={field.label}
      value={value}
      lists={[]}
      error={error}
      onChange={(typed) => {
        onChange(typed as Fact);
      }}
    />
  );
}

function Expected({
  one,
  document,
  isEditable,
  error,
  onChange,
}: {
  readonly one: PolicyTestCase;
  readonly document: PolicyDocument;
  readonly isEditable: boolean;
  readonly error: string | undefined;
  readonly onChange: (expect: PolicyTestCase['expect']) => void;
}) {
  const { outcome, reasons = [], row } = one.expect;
  const codes = [
    ...new Set([
      ...document.rules.map(({ code }) => code),
      ...document.tables.flatMap((table) => [codeIn(table['no_match']), codeIn(table['reason'])]),
      'MARGIN_BELOW_MINIMUM',
      one.product === undefined ? 'LATE_BIDDING_OFF' : 'SNAPSHOT_TOO_OLD',
      ...reasons,
    ]),
  ].filter((code) => code !== '');
  return (
    <div>
      <Title order={3} size="h5" mb={6}>
        O que a política deve dizer
      </Title>
      <Stack gap="sm">
        <SegmentedControl
          aria-label="Resultado esperado"
          readOnly={!isEditable}
          data={optionsOf(OUTCOME)}
          value={outcome}
          onChange={(chosen) => {
            onChange({ ...one.expect, outcome: chosen });
          }}
        />
        <MultiSelect
          label="Motivos, todos eles"
          description={HELP.case.reasons}
          placeholder="nenhum"
          searchable
          readOnly={!isEditable}
          data={codes.map((code) => ({ value: code, label: reasonWord(code) }))}
          value={[...reasons]}
          error={error}
          onChange={(chosen) => {
            onChange({ ...one.expect, reasons: chosen });
          }}
        />
        <FeeTableSelect
          of={document}
          value={one.expect.fee_table}
          isEditable={isEditable}
          onChange={(chosen) => {
            const { fee_table: _, ...others } = one.expect;
            onChange(chosen === undefined ? others : { ...others, fee_table: chosen });
          }}
        />
        <Select
          label="Linha de preço"
          description={HELP.case.row}
          placeholder="qualquer"
          searchable
          clearable
          readOnly={!isEditable}
          data={[...new Set(document.tables.flatMap(({ rows }) => rows.map(({ id }) => id)))]}
          value={row ?? null}
          onChange={(chosen) => {
            const { row: _, ...others } = one.expect;
            onChange(chosen === null ? others : { ...others, row: chosen });
          }}
        />
      </Stack>
    </div>
  );
}

/** Which of the offers side by side the row is of; nothing to choose where there is one. */
function FeeTableSelect({
  of,
  value,
  isEditable,
  onChange,
}: {
  readonly of: PolicyDocument;
  readonly value: string | undefined;
  readonly isEditable: boolean;
  readonly onChange: (id: string | undefined) => void;
}) {
  const tables = feeTablesOf(of);
  if (tables.length < 2) return null;
  return (
    <Select
      label="Tabela de tarifas"
      description={HELP.case.feeTable}
      placeholder="a primeira"
      clearable
      readOnly={!isEditable}
      data={tables.map(({ id, label }) => ({ value: id, label }))}
      value={value ?? null}
      onChange={(chosen) => {
        onChange(chosen ?? undefined);
      }}
    />
  );
}

function codeIn(part: unknown): string {
  return typeof part === 'object' && part !== null && 'code' in part ? String(part.code) : '';
}
