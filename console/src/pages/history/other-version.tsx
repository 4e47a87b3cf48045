import { Alert, Group, List, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf } from '../../api/client';
import { Loaded } from '../../parts/states';
import { POLICY_STATE, reasonWord, wordOf } from '../../words/words';
import { HELP } from '../../words/help-words';
import { termInWords } from './term-words';

const DIFFERENCE: Readonly<Record<string, string>> = {
  same: 'A outra versão decide o mesmo.',
  gained: 'A outra versão faria um lance.',
  lost: 'A outra versão não faria o lance.',
  changed: 'A outra versão faria o lance em outras condições.',
  other_reasons: 'A outra versão também recusa, por outros motivos.',
};

/** What another version of the policy would have done with this very request. */
export function OtherVersion({
  auctionKey,
  ownHash,
}: {
  readonly auctionKey: string;
  readonly ownHash: string;
}) {
  const [chosen, setChosen] = useState<string | null>(null);
  const versions = useQuery({
    queryKey: ['policies'],
    queryFn: () => bodyOf(api.GET('/api/v1/policies', { params: { query: { limit: 100 } } })),
  });
  const others = versions.data?.items.filter(({ hash }) => hash !== ownHash) ?? [];
  const under = others.find(({ number }) => String(number) === chosen)?.hash;
  const replay = useQuery({
    queryKey: ['replay', auctionKey, under],
    retry: false,
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/auctions/{issuer_proposal_request_key}/replay', {
          params: {
            path: { issuer_proposal_request_key: auctionKey },
            query: under === undefined ? {} : { under },
          },
        }),
      ),
  });
  return (
    <Stack>
      <Select
        label="Versão"
        description={HELP.look.otherVersion}
        placeholder="Escolha uma versão"
        maw={420}
        clearable
        // By its number: a copy has the hash of what it was copied from until something is changed in it.
        data={others.map(({ number, name, state }) => ({
          value: String(number),
          label: `${String(number)} · ${name} (${wordOf(POLICY_STATE, state).toLowerCase()})`,
        }))}
        value={chosen}
        onChange={setChosen}
      />
      <Loaded query={replay} lines={3}>
        {({ identical, other_data: hasOtherData, other }) => (
          <Stack gap="xs">
            <Alert color={identical ? 'teal' : 'red'} role="status">
              {identical
                ? 'Refeita agora com os mesmos insumos e a mesma versão, a decisão é idêntica, byte a byte.'
                : 'Refeita agora, a decisão NÃO é idêntica à registrada.'}
            </Alert>
            {hasOtherData && (
              <Text size="sm">
                Foi decidida com outros dados de impostos, feriados, folha ou programa que os de hoje.
              </Text>
            )}
            {other !== null && (
              <>
                <Text fw={600}>{DIFFERENCE[other.difference] ?? other.difference}</Text>
                {other.causes.length > 0 && <Text size="sm">Por causa de: {other.causes.join(', ')}</Text>}
                <Group align="flex-start" gap="xl">
                  <Reasons title="Motivos a mais" codes={other.reasons_added} />
                  <Reasons title="Motivos a menos" codes={other.reasons_removed} />
                </Group>
                {other.terms.length > 0 && (
                  <List size="sm">
                    {other.terms.map(termInWords).map(({ name, before, after }) => (
                      <List.Item key={name} className="numbers">
                        {name}: {before} → {after}
                      </List.Item>
                    ))}
                  </List>
                )}
              </>
            )}
          </Stack>
        )}
      </Loaded>
    </Stack>
  );
}

function Reasons({ title, codes }: { readonly title: string; readonly codes: readonly string[] }) {
  if (codes.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={500}>
        {title}
      </Text>
      <List size="sm">
        {codes.map((code) => (
          <List.Item key={code}>{reasonWord(code)}</List.Item>
        ))}
      </List>
    </div>
  );
}
