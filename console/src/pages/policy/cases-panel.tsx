import { Button, Group, Modal, Stack, Table, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type Examination } from '../../api/client';
import { ApiProblem, sentenceOf } from '../../api/problem';
import { date, shortKey, today } from '../../format/format';
import { Empty } from '../../parts/states';
import { reasonWord } from '../../words/words';
import { Literal } from '../../parts/literal';
import { HELP } from '../../words/help-words';
import { CaseForm } from './case-form';
import { CopyOrRemove } from './copy-or-remove';
import { freshName, type Fact, type Manuscript, type PanelProps, type PolicyTestCase } from './document';
import { OUTCOME, ResultBadge } from './outcome';
import { messageAt, type Problem } from './problems';
import { productOf, type Product } from './product-view';

interface Props extends PanelProps {
  readonly manuscript: Manuscript;
  /** Whose cases are shown. */
  readonly product: Product;
  readonly examination: Examination | undefined;
  readonly problems: readonly Problem[];
}

/** The cases that the version carries: they run while one writes, and it is handed in only while all of them pass. */
export function CasesPanel({
  document,
  manuscript,
  product,
  examination,
  problems,
  isEditable,
  onChange,
}: Props) {
  const [editing, setEditing] = useState<{ readonly at: number; readonly one: PolicyTestCase }>();
  const [isAsking, { open, close }] = useDisclosure();
  const cases = document.test_cases ?? [];
  const shown = cases.flatMap((one, at) => (productOf(one) === product ? [{ one, at }] : []));
  const results = new Map(examination?.tests.map((test) => [test.name, test]));
  const passed = examination && shown.filter(({ one }) => results.get(one.name)?.passed === true).length;
  const names = cases.map(({ name }) => name);
  const withCases = (changed: readonly PolicyTestCase[]): void => {
    onChange({ ...document, test_cases: changed });
  };
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text size="sm" c="dimmed" role="status">
          {passed === undefined
            ? `${String(shown.length)} casos; rodam quando o documento pode ser lido.`
            : `${String(passed)} de ${String(shown.length)} casos passam.`}
        </Text>
        {isEditable && (
          <Group gap="xs">
            {product === 'private_payroll' && (
              <Button size="xs" variant="default" onClick={open}>
                De um leilão passado
              </Button>
            )}
            <Button
              size="xs"
              onClick={() => {
                setEditing({ at: cases.length, one: newCase(names, product, shown[0]?.one.name) });
              }}
            >
              Novo caso
            </Button>
          </Group>
        )}
      </Group>
      {shown.length === 0 ? (
        <Empty title="Nenhum caso de teste">Um caso guarda o que a política deve dizer de um pedido.</Empty>
      ) : (
        <Table.ScrollContainer minWidth={760}>
          <Table aria-label="Casos de teste">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Caso</Table.Th>
                <Table.Th>Resultado</Table.Th>
                <Table.Th>Esperado</Table.Th>
                <Table.Th>Obtido</Table.Th>
                <Table.Th>Linha</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map(({ one, at }) => {
                const result = results.get(one.name);
                const problem = messageAt(problems, `test_cases[${String(at)}]`);
                return (
                  <Table.Tr key={one.name} data-case={one.name}>
                    <Table.Td maw={320}>
                      {one.name}
                      <Text size="xs" c="dimmed">
                        em {date(one.on)}
                        {one.window === 'late' && ', depois do encerramento'}
                      </Text>
                      {problem !== undefined && (
                        <Text size="xs" c="red">
                          {problem}
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td>
                      <ResultBadge result={result} />
                    </Table.Td>
                    <Table.Td>{inWords(one.expect.outcome, one.expect.reasons ?? [])}</Table.Td>
                    <Table.Td>
                      {result === undefined ? '–' : inWords(result.actual.outcome, result.actual.reasons)}
                    </Table.Td>
                    <Table.Td>
                      <Literal>{result?.actual.row ?? '–'}</Literal>
                    </Table.Td>
                    <Table.Td>
                      <Group gap={4} wrap="nowrap" justify="flex-end">
                        <Button
                          size="xs"
                          variant="default"
                          onClick={() => {
                            setEditing({ at, one });
                          }}
                        >
                          {isEditable ? 'Abrir' : 'Ver'}
                        </Button>
                        {isEditable && (
                          <CopyOrRemove
                            name={one.name}
                            onCopy={() => {
                              setEditing({
                                at: cases.length,
                                one: { ...one, name: freshName(one.name, names) },
                              });
                            }}
                            onRemove={() => {
                              withCases(cases.filter((other) => other !== one));
                            }}
                          />
                        )}
                      </Group>
                    </Table.Td>
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {isAsking && (
        <FromAuction
          taken={names}
          onClose={close}
          onFound={(one) => {
            close();
            setEditing({ at: cases.length, one });
          }}
        />
      )}
      {editing !== undefined && (
        <CaseForm
          manuscript={manuscript}
          view={document}
          at={editing.at}
          case={editing.one}
          isEditable={isEditable}
          onClose={() => {
            setEditing(undefined);
          }}
          onSave={(changed) => {
            const isNew = editing.at >= cases.length;
            withCases(
              isNew ? [...cases, changed] : cases.map((one, at) => (at === editing.at ? changed : one)),
            );
            setEditing(undefined);
          }}
        />
      )}
    </Stack>
  );
}

function inWords(outcome: string, reasons: readonly string[]): string {
  const word = OUTCOME[outcome] ?? outcome;
  return reasons.length === 0 ? word : `${word}: ${reasons.map(reasonWord).join(', ')}`;
}

function newCase(taken: readonly string[], product: Product, like: string | undefined): PolicyTestCase {
  return {
    name: freshName('Novo caso', taken),
    ...(product !== 'private_payroll' && { product }),
    ...(like !== undefined && { like }),
    on: today(),
    facts: {},
    expect: { outcome: 'accept', reasons: [] },
  };
}

const NO_AUCTION = 'Nenhum leilão com esta chave';

/** Asks for an auction and makes a case of what was known of it; the people in it become invented ones. */
function FromAuction({
  taken,
  onClose,
  onFound,
}: {
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onFound: (one: PolicyTestCase) => void;
}) {
  const [key, setKey] = useState('');
  const finding = useMutation({
    mutationFn: async () => {
      const found = await bodyOf(api.POST('/api/v1/history/lookup', { body: { text: key.trim() } }));
      const [first, ...others] = found.keys.filter(({ kind }) => kind === 'auction');
      if (first === undefined) return NO_AUCTION;
      if (others.length > 0) return 'Mais de um leilão começa assim: escreva mais da chave';
      const path = { issuer_proposal_request_key: first.key };
      const known = await bodyOf(
        api.GET('/api/v1/auctions/{issuer_proposal_request_key}/test_case', { params: { path } }),
      );
      return { ...known, key: first.key };
    },
    onSuccess: (found) => {
      if (typeof found === 'string') return;
      const { on, window, facts, outcome, reasons } = found;
      onFound({
        name: freshName(`Leilão ${shortKey(found.key)}`, taken),
        on,
        window,
        facts: facts as Readonly<Record<string, Fact>>,
        expect: { outcome, reasons },
      });
    },
  });
  const { error, data } = finding;
  return (
    <Modal opened onClose={onClose} title="Caso de um leilão passado">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          finding.mutate();
        }}
      >
        <Stack>
          <TextInput
            label="Chave do leilão"
            description={HELP.case.auction}
            data-autofocus
            required
            autoComplete="off"
            value={key}
            error={
              error === null
                ? typeof data === 'string' && data
                : error instanceof ApiProblem && error.status === 404
                  ? NO_AUCTION
                  : sentenceOf(error)
            }
            onChange={(event) => {
              finding.reset();
              setKey(event.currentTarget.value);
            }}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Voltar
            </Button>
            <Button type="submit" loading={finding.isPending} disabled={key.trim() === ''}>
              Buscar
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
