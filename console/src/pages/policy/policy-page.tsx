import { Alert, Button, Group, Paper, Tabs, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { api, bodyOf, type PolicyVersion } from '../../api/client';
import { ApiProblem, sentenceOf } from '../../api/problem';
import { dateTime } from '../../format/format';
import { PolicyBadge } from '../../parts/badges';
import { Copyable } from '../../parts/copyable';
import { Page } from '../../parts/page';
import { Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { BacktestPanel } from './backtest-panel';
import { DiffPanel } from './diff-panel';
import { documentOf, type PolicyDocument } from './document';
import { ExaminationPanel } from './examination-panel';
import { LifeButtons } from './life-buttons';
import { ListsPanel } from './lists-panel';
import { RulesPanel } from './rules-panel';
import { SettingsPanel } from './settings-panel';
import { TablesPanel } from './tables-panel';

/** One version: what it says, what it changes, whether it holds, what it would have done, and its next step. */
export function PolicyPage() {
  const { number } = useParams({ from: '/politica/$number' });
  const query = useQuery({
    queryKey: ['policy', number],
    queryFn: () =>
      bodyOf(api.GET('/api/v1/policies/{number}', { params: { path: { number: Number(number) } } })),
  });
  return (
    <Loaded query={query} lines={12}>
      {(version) => <Editor key={version.hash} version={version} />}
    </Loaded>
  );
}

function Editor({ version }: { readonly version: PolicyVersion }) {
  const { may } = useSession();
  const queries = useQueryClient();
  const original = documentOf(version.document);
  const [document, setDocument] = useState(original);
  const isDraft = version.state === 'draft';
  const isEditable = isDraft && may('policies.write_values');
  const isChanged = document !== original;

  const save = useMutation({
    mutationFn: () =>
      bodyOf(
        api.PUT(
          may('policies.write_structure') ? '/api/v1/policies/{number}' : '/api/v1/policies/{number}/values',
          {
            params: { path: { number: version.number }, header: { 'If-Match': `"${version.hash}"` } },
            body: { document, lists: version.lists },
          },
        ),
      ),
    onSuccess: async () => {
      notifications.show({ color: 'teal', message: 'Rascunho salvo.' });
      await queries.invalidateQueries({ queryKey: ['policy', String(version.number)] });
      await queries.invalidateQueries({ queryKey: ['policies'] });
    },
  });

  return (
    <Page
      title={`Versão ${String(version.number)}`}
      subtitle={
        <Group gap="sm">
          <PolicyBadge status={version.state} />
          <span>{version.name}</span>
          <Copyable text={version.hash} shown={version.hash.slice(0, 12)} />
          <span>
            {version.authors.join(', ')} · {dateTime(version.changed_at)}
          </span>
        </Group>
      }
      actions={
        <>
          {isEditable && isChanged && (
            <>
              <Button
                variant="default"
                onClick={() => {
                  setDocument(original);
                }}
              >
                Desfazer mudanças
              </Button>
              <Button
                loading={save.isPending}
                onClick={() => {
                  save.mutate();
                }}
              >
                Salvar rascunho
              </Button>
            </>
          )}
          {!isChanged && <LifeButtons version={version} />}
        </>
      }
    >
      {save.error !== null && <SaveProblem error={save.error} number={version.number} />}
      <Paper p="md">
        <Tabs defaultValue="tables" keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="tables">Tabelas</Tabs.Tab>
            <Tabs.Tab value="rules">Regras</Tabs.Tab>
            <Tabs.Tab value="settings">Limites</Tabs.Tab>
            <Tabs.Tab value="lists">Listas</Tabs.Tab>
            <Tabs.Tab value="diff">O que muda</Tabs.Tab>
            <Tabs.Tab value="examination">Exame e testes</Tabs.Tab>
            <Tabs.Tab value="impact">Impacto</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="tables">
            <TablesPanel
              document={document}
              original={original}
              isEditable={isEditable}
              onChange={setDocument}
            />
          </Tabs.Panel>
          <Tabs.Panel value="rules">
            <RulesPanel
              document={document}
              isEditable={isDraft && may('policies.write_structure')}
              onChange={setDocument}
            />
          </Tabs.Panel>
          <Tabs.Panel value="settings">
            <SettingsPanel document={document} isEditable={isEditable} onChange={setDocument} />
          </Tabs.Panel>
          <Tabs.Panel value="lists">
            <ListsPanel document={document} isEditable={isEditable} onChange={setDocument} />
          </Tabs.Panel>
          <Tabs.Panel value="diff">
            <DiffPanel version={version} />
          </Tabs.Panel>
          <Tabs.Panel value="examination">
            <ExaminationPanel version={version} document={isChanged ? document : undefined} />
          </Tabs.Panel>
          <Tabs.Panel value="impact">
            <BacktestPanel version={version} />
          </Tabs.Panel>
        </Tabs>
      </Paper>
    </Page>
  );
}

/** Two people at one draft: the second is told, and what they wrote stays on their screen. */
function SaveProblem({ error, number }: { readonly error: unknown; readonly number: number }) {
  const queries = useQueryClient();
  const isOvertaken = error instanceof ApiProblem && error.status === 412;
  return (
    <Alert
      color={isOvertaken ? 'orange' : 'red'}
      role="alert"
      title={isOvertaken ? 'Outra pessoa salvou antes' : 'Não foi salvo'}
    >
      <Group justify="space-between">
        <Text size="sm">
          {isOvertaken
            ? 'Nada foi sobrescrito. Suas mudanças continuam nesta tela; ao carregar a versão nova elas se perdem.'
            : sentenceOf(error)}
        </Text>
        {isOvertaken && (
          <Button
            size="xs"
            variant="default"
            onClick={() => void queries.invalidateQueries({ queryKey: ['policy', String(number)] })}
          >
            Carregar a versão nova
          </Button>
        )}
      </Group>
    </Alert>
  );
}

export interface PanelProps {
  readonly document: PolicyDocument;
  readonly isEditable: boolean;
  readonly onChange: (document: PolicyDocument) => void;
}
