import { Alert, Group, SimpleGrid, Stack, Switch, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, bodyOf, type PolicyVersion } from '../../api/client';
import { count, percent } from '../../format/format';
import { Facts } from '../../parts/facts';
import { tellFailure } from '../../parts/notices';
import { Empty, Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { reasonWord } from '../../words/words';
import { HELP } from '../../words/help-words';

const POLL_MS = 5_000;
const MAY_SHADOW: readonly PolicyVersion['state'][] = ['approved', 'scheduled'];

/** An approved version that decides beside the active one: recorded and compared, never sent. */
export function ShadowPanel({ version }: { readonly version: PolicyVersion }) {
  const { may } = useSession();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['shadow', version.number],
    queryFn: () =>
      bodyOf(api.GET('/api/v1/policies/{number}/shadow', { params: { path: { number: version.number } } })),
    refetchInterval: version.shadow ? POLL_MS : false,
  });
  const set = useMutation({
    mutationFn: (shadow: boolean) =>
      bodyOf(
        api.PUT('/api/v1/policies/{number}/shadow', {
          params: { path: { number: version.number } },
          body: { shadow },
        }),
      ),
    onError: tellFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: ['policy'] }),
  });
  const isPossible = version.shadow || MAY_SHADOW.includes(version.state);
  return (
    <Stack>
      <Group>
        <Switch
          label="Decidir na sombra"
          description={HELP.policy.shadow}
          checked={version.shadow}
          disabled={!isPossible || !may('policies.activate') || set.isPending}
          onChange={(event) => {
            set.mutate(event.currentTarget.checked);
          }}
        />
      </Group>
      {!isPossible && (
        <Text size="sm" c="dimmed">
          Só uma versão aprovada, ainda não ativa, decide na sombra.
        </Text>
      )}
      <Loaded query={query}>
        {(comparison) =>
          comparison.auctions === 0 ? (
            <Empty title="Nenhum leilão decidido na sombra">
              {version.shadow ? 'Os próximos aparecem aqui.' : 'Ligue a sombra para comparar.'}
            </Empty>
          ) : (
            <SimpleGrid cols={{ base: 1, lg: 2 }}>
              <Stack>
                <Facts
                  items={[
                    ['Leilões', count(comparison.auctions)],
                    ['As duas ofertam', count(comparison.both_bid)],
                    ['Só a ativa oferta', count(comparison.only_active)],
                    ['Só esta oferta', count(comparison.only_shadow)],
                    ['Nenhuma oferta', count(comparison.neither)],
                    ['Diferença média de taxa', points(comparison.average_rate_difference)],
                  ]}
                />
                {comparison.failed > 0 && (
                  <Alert color="red">
                    Em {count(comparison.failed)} leilões a decisão na sombra falhou: é um defeito a procurar.
                  </Alert>
                )}
              </Stack>
              <Table aria-label="Motivos na sombra">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Motivo</Table.Th>
                    <Table.Th ta="right">Ativa</Table.Th>
                    <Table.Th ta="right">Esta versão</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {comparison.reasons.map(({ code, active, shadow }) => (
                    <Table.Tr key={code}>
                      <Table.Td>{reasonWord(code)}</Table.Td>
                      <Table.Td ta="right">{count(active)}</Table.Td>
                      <Table.Td ta="right">{count(shadow)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </SimpleGrid>
          )
        }
      </Loaded>
    </Stack>
  );
}

/** A difference of rates in percent points. */
function points(fraction: string | null): string {
  return fraction === null ? '–' : `${percent(fraction).replace('%', '')} p.p.`;
}
