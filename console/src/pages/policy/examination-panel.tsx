import { Alert, Badge, List, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Examination, type PolicyVersion } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { reasonWord } from '../../words/words';
import type { PolicyDocument } from './document';

const OUTCOME: Readonly<Record<string, string>> = {
  accept: 'aceita',
  review: 'pede pessoa',
  decline: 'recusa',
};

/** The static checks and the version's own test cases: of what is saved, or of what stands unsaved on the screen. */
export function ExaminationPanel({
  version,
  document,
}: {
  readonly version: PolicyVersion;
  readonly document: PolicyDocument | undefined;
}) {
  const { may } = useSession();
  const query = useQuery({
    queryKey: ['examination', version.hash, document],
    retry: false,
    queryFn: () =>
      document !== undefined && may('policies.test')
        ? bodyOf(api.POST('/api/v1/policies/check', { body: { document, lists: version.lists } }))
        : bodyOf(
            api.GET('/api/v1/policies/{number}/examination', {
              params: { path: { number: version.number } },
            }),
          ),
  });
  if (query.error instanceof ApiProblem && query.error.status === 422)
    return <Invalid problem={query.error} />;
  return (
    <Loaded query={query}>
      {(examination) => (
        <Stack>
          {document !== undefined && <Text size="sm">Do que está na tela, ainda não salvo.</Text>}
          <Findings examination={examination} />
          <Tests examination={examination} />
        </Stack>
      )}
    </Loaded>
  );
}

function Invalid({ problem }: { readonly problem: ApiProblem }) {
  return (
    <Alert color="red" title={problem.title} role="alert">
      <List size="sm">
        {Object.entries(problem.fields).map(([path, message]) => (
          <List.Item key={path}>
            <span className="mono">{path}</span>: {message}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function Findings({ examination: { findings } }: { readonly examination: Examination }) {
  if (findings.length === 0)
    return (
      <Alert color="teal" role="status">
        As conferências não acharam nada a corrigir.
      </Alert>
    );
  return (
    <div>
      <Title order={2}>Conferências</Title>
      <Table aria-label="Conferências">
        <Table.Tbody>
          {findings.map(({ severity, path, message }) => (
            <Table.Tr key={`${path} ${message}`}>
              <Table.Td w={90}>
                <Badge variant="light" color={severity === 'error' ? 'red' : 'yellow'} tt="none">
                  {severity === 'error' ? 'erro' : 'aviso'}
                </Badge>
              </Table.Td>
              <Table.Td>
                {message}
                <Text size="xs" c="dimmed" className="mono">
                  {path}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Tests({ examination: { tests } }: { readonly examination: Examination }) {
  const passed = tests.filter((test) => test.passed).length;
  return (
    <div>
      <Title order={2}>
        Casos de teste: {passed} de {tests.length} passam
      </Title>
      <Table aria-label="Casos de teste">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Caso</Table.Th>
            <Table.Th>Resultado</Table.Th>
            <Table.Th>Esperado</Table.Th>
            <Table.Th>Obtido</Table.Th>
            <Table.Th>Linha</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tests.map(({ name, passed: isPassed, expected, actual }) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              <Table.Td>
                <Badge variant="light" color={isPassed ? 'teal' : 'red'} tt="none">
                  {isPassed ? 'passa' : 'falha'}
                </Badge>
              </Table.Td>
              <Table.Td>{outcomeInWords(expected)}</Table.Td>
              <Table.Td>{outcomeInWords(actual)}</Table.Td>
              <Table.Td className="mono">{actual.row ?? '–'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function outcomeInWords({ outcome, reasons }: Examination['tests'][number]['expected']): string {
  const words = OUTCOME[outcome] ?? outcome;
  return reasons.length === 0 ? words : `${words}: ${reasons.map(reasonWord).join(', ')}`;
}
