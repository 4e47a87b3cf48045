import { Badge, Button, Group, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { date } from '../../format/format';
import { Literal } from '../../parts/literal';
import { useReadSearch } from '../../parts/use-read-search';
import { reasonWord } from '../../words/words';
import { CopyOrRemove } from './copy-or-remove';
import { useDictionary, type Field } from './dictionary';
import { freshName, type Manuscript, type PanelProps, type PolicyRule } from './document';
import { messageAt, type Problem } from './problems';
import type { Product } from './product-view';
import { RuleForm, wordsOf } from './rule-form';
import { inWords, sentenceInWords } from './rule-words';
import { SEVERITY } from './severity';
import { readPolicySearch } from './places';

interface Props extends PanelProps {
  /** Of the whole document, of which the panel's may be a view. */
  readonly manuscript: Manuscript;
  readonly product: Product;
  readonly problems: readonly Problem[];
}

/** Every rule in words; all of them are always evaluated. */
export function RulesPanel({ document, manuscript, product, problems, isEditable, onChange }: Props) {
  const dictionary = useDictionary();
  const [editing, setEditing] = useState<{ readonly at: number; readonly rule: PolicyRule }>();
  const { rules } = document;
  const { regra: wanted } = useReadSearch(readPolicySearch);
  const withRules = (changed: readonly PolicyRule[]): void => {
    onChange({ ...document, rules: changed });
  };
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {rules.length} regras. Todas são avaliadas: quem é recusado sabe de todos os motivos.
        </Text>
        {isEditable && (
          <Button
            size="xs"
            onClick={() => {
              setEditing({ at: rules.length, rule: newRule(rules, dictionary.fields) });
            }}
          >
            Nova regra
          </Button>
        )}
      </Group>
      <Table.ScrollContainer minWidth={760}>
        <Table aria-label="Regras">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Exige</Table.Th>
              <Table.Th>Se não</Table.Th>
              <Table.Th>Frase</Table.Th>
              <Table.Th>Motivo</Table.Th>
              {isEditable && <Table.Th />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rules.map((rule, at) => {
              const [word, color] = SEVERITY[rule.severity ?? 'decline'] ?? ['recusa', 'red'];
              const problem = messageAt(problems, `rules[${String(at)}]`);
              return (
                <Table.Tr
                  key={rule.id}
                  data-rule={rule.id}
                  {...(rule.id === wanted && {
                    ref: intoSight,
                    bg: 'var(--picked)',
                    'aria-current': 'true' as const,
                  })}
                >
                  <Table.Td maw={420}>
                    <Group gap={6}>
                      {'cel' in rule.require && (
                        <Badge size="sm" color="yellow" variant="light" tt="none">
                          CEL
                        </Badge>
                      )}
                      <Text
                        size="sm"
                        {...('cel' in rule.require && { className: 'mono', translate: 'no' as const })}
                      >
                        {inWords(rule.require, wordsOf(dictionary, document.lists))}
                      </Text>
                    </Group>
                    <Conditions rule={rule} />
                    {problem !== undefined && (
                      <Text size="xs" c="red">
                        {problem}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>
                    <Badge variant="light" color={color} tt="none">
                      {word}
                    </Badge>
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm">{sentenceInWords(rule.sentence, dictionary)}</Text>
                  </Table.Td>
                  <Table.Td>
                    {reasonWord(rule.code)}
                    <Text size="xs" c="dimmed" component="div">
                      <Literal>{rule.code}</Literal>
                    </Text>
                  </Table.Td>
                  {isEditable && (
                    <Table.Td>
                      <Group gap={4} wrap="nowrap" justify="flex-end">
                        <Button
                          size="xs"
                          variant="default"
                          onClick={() => {
                            setEditing({ at, rule });
                          }}
                        >
                          Editar
                        </Button>
                        <CopyOrRemove
                          name={rule.id}
                          onCopy={() => {
                            const id = freshName(
                              rule.id,
                              rules.map((one) => one.id),
                            );
                            setEditing({ at: rules.length, rule: { ...rule, id } });
                          }}
                          onRemove={() => {
                            withRules(rules.filter((one) => one !== rule));
                          }}
                        />
                      </Group>
                    </Table.Td>
                  )}
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {editing !== undefined && (
        <RuleForm
          manuscript={manuscript}
          document={document}
          product={product}
          at={editing.at}
          rule={editing.rule}
          onClose={() => {
            setEditing(undefined);
          }}
          onSave={(changed) => {
            const isNew = editing.at >= rules.length;
            withRules(
              isNew ? [...rules, changed] : rules.map((rule, at) => (at === editing.at ? changed : rule)),
            );
            setEditing(undefined);
          }}
        />
      )}
    </Stack>
  );
}

const intoSight = (row: HTMLElement | null): void => {
  row?.scrollIntoView({ block: 'center' });
};

/** What is not as usual: a period, or that a missing fact may pass. */
function Conditions({ rule: { effective, on_missing: missing } }: { readonly rule: PolicyRule }) {
  const { from, until } = effective ?? {};
  const notes = [
    from === undefined ? '' : `a partir de ${date(from)}`,
    until === undefined ? '' : `até antes de ${date(until)}`,
    missing === 'pass' ? 'sem o dado, deixa passar' : '',
  ].filter((note) => note !== '');
  return notes.length === 0 ? null : (
    <Text size="xs" c="dimmed">
      {notes.join(' · ')}
    </Text>
  );
}

function newRule(rules: readonly PolicyRule[], fields: readonly Field[]): PolicyRule {
  const id = freshName(
    'nova-regra',
    rules.map((rule) => rule.id),
  );
  return {
    id,
    code: '',
    sentence: '',
    require: { field: fields.find(({ type }) => type === 'integer')?.name ?? '', op: 'gte', value: '' },
    severity: 'decline',
    on_missing: 'decline',
  };
}
