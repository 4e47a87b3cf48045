import { Badge, Button, Group, JsonInput, Modal, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { FIELD, wordOf } from '../../words/words';
import type { PolicyRule } from './document';
import type { PanelProps } from './policy-page';

const SEVERITY: Readonly<Record<string, readonly [string, string]>> = {
  decline: ['recusa', 'red'],
  review: ['pede pessoa', 'orange'],
  flag: ['sinaliza', 'yellow'],
};

/** Every rule in words. */
export function RulesPanel({ document, isEditable, onChange }: PanelProps) {
  const [editing, setEditing] = useState<PolicyRule>();
  return (
    <>
      <Table.ScrollContainer minWidth={720}>
        <Table aria-label="Regras">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Exige</Table.Th>
              <Table.Th>Se não</Table.Th>
              <Table.Th>Frase</Table.Th>
              <Table.Th>Código</Table.Th>
              {isEditable && <Table.Th />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {document.rules.map((rule) => {
              const [word, color] = SEVERITY[rule.severity ?? 'decline'] ?? ['recusa', 'red'];
              return (
                <Table.Tr key={rule.id}>
                  <Table.Td>{inWords(rule.require)}</Table.Td>
                  <Table.Td>
                    <Badge variant="light" color={color} tt="none">
                      {word}
                    </Badge>
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm">{rule.sentence}</Text>
                  </Table.Td>
                  <Table.Td className="mono">{rule.code}</Table.Td>
                  {isEditable && (
                    <Table.Td ta="right">
                      <Button
                        size="xs"
                        variant="default"
                        onClick={() => {
                          setEditing(rule);
                        }}
                      >
                        Editar
                      </Button>
                    </Table.Td>
                  )}
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {editing !== undefined && (
        <RuleDialog
          rule={editing}
          onClose={() => {
            setEditing(undefined);
          }}
          onSave={(changed) => {
            onChange({
              ...document,
              rules: document.rules.map((rule) => (rule === editing ? changed : rule)),
            });
            setEditing(undefined);
          }}
        />
      )}
    </>
  );
}

function RuleDialog({
  rule,
  onClose,
  onSave,
}: {
  readonly rule: PolicyRule;
  readonly onClose: () => void;
  readonly onSave: (rule: PolicyRule) => void;
}) {
  const [text, setText] = useState(() => JSON.stringify(rule, null, 2));
  const parsed = parse(text);
  return (
    <Modal opened onClose={onClose} title={`Regra ${rule.id}`} size="lg">
      <Stack>
        <JsonInput
          label="Regra"
          description="O serviço confere campos, tipos e operadores ao salvar o rascunho"
          autosize
          minRows={10}
          maxRows={24}
          value={text}
          onChange={setText}
          error={parsed === undefined ? 'Não é um documento JSON' : undefined}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
        {parsed !== undefined && (
          <Text size="sm">
            Em palavras: <b>{inWords(parsed.require)}</b>
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Voltar
          </Button>
          <Button
            disabled={parsed === undefined}
            onClick={() => {
              if (parsed !== undefined) onSave(parsed);
            }}
          >
            Usar
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function parse(text: string): PolicyRule | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as PolicyRule) : undefined;
  } catch {
    return undefined;
  }
}

const OPERATOR: Readonly<Record<string, string>> = {
  eq: 'é',
  ne: 'não é',
  lt: 'menor que',
  lte: 'no máximo',
  gt: 'maior que',
  gte: 'no mínimo',
  in: 'está em',
  not_in: 'não está em',
  only_of: 'só tem itens de',
  any_of: 'tem algum de',
  none_of: 'não tem nenhum de',
  between: 'entre',
};

/** A condition as a sentence: "Idade no mínimo 18". */
function inWords(condition: unknown): string {
  if (typeof condition !== 'object' || condition === null) return String(condition);
  if ('all' in condition && Array.isArray(condition.all)) return condition.all.map(inWords).join(' e ');
  if ('any' in condition && Array.isArray(condition.any)) return condition.any.map(inWords).join(' ou ');
  if ('cel' in condition) return `expressão: ${String(condition.cel)}`;
  const { field, op, value } = condition as { field?: string; op?: string; value?: unknown };
  if (field === undefined) return JSON.stringify(condition);
  if (op === 'eq' && value === true) return wordOf(FIELD, field);
  if (op === 'eq' && value === false) return `Não: ${wordOf(FIELD, field).toLowerCase()}`;
  return `${wordOf(FIELD, field)} ${OPERATOR[op ?? ''] ?? op ?? ''} ${valueInWords(value)}`;
}

function valueInWords(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'list' in value) return `lista “${String(value.list)}”`;
  if (Array.isArray(value)) return value.map(String).join(', ');
  return String(value);
}
