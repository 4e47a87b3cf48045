import { Alert, Anchor, Badge, Stack, Table, Text } from '@mantine/core';
import type { Check } from './checking';
import { Failure } from '../../parts/states';
import { FINDING, wordOf } from '../../words/words';
import { placeInWords } from './change-words';
import { useDictionary } from './dictionary';
import { tabOf, type Tab } from './places';
import { productAt, type Product } from './product-view';

/** What the checks found, errors first, each with the way to its place. */
export function ExaminationPanel({
  check: { problems, isSound, failure },
  onGo,
}: {
  readonly check: Check;
  readonly onGo: (tab: Tab, product: Product) => void;
}) {
  const dictionary = useDictionary();
  if (failure !== undefined) return <Failure error={failure} />;
  if (problems.length === 0)
    return (
      <Alert color={isSound === undefined ? 'gray' : 'teal'} role="status">
        {isSound === undefined ? 'Conferindo…' : 'As conferências não acharam nada a corrigir.'}
      </Alert>
    );
  const sorted = [...problems].sort((a, b) =>
    a.severity === b.severity ? 0 : a.severity === 'error' ? -1 : 1,
  );
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        Um erro impede a ativação; um aviso é para quem aprova pesar.
      </Text>
      <Table aria-label="Conferências">
        <Table.Tbody>
          {sorted.map(({ severity, path, message }) => (
            <Table.Tr key={`${path} ${message}`}>
              <Table.Td w={90}>
                <Badge variant="light" color={severity === 'error' ? 'red' : 'yellow'} tt="none">
                  {wordOf(FINDING, severity)}
                </Badge>
              </Table.Td>
              <Table.Td>
                {message}
                <div>
                  <Anchor
                    component="button"
                    type="button"
                    size="xs"
                    onClick={() => {
                      onGo(tabOf(path), productAt(path));
                    }}
                  >
                    {placeInWords(path, dictionary)?.words ?? 'Ver no documento'}
                  </Anchor>
                </div>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}
