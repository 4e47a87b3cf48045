import {
  ActionIcon,
  Alert,
  Badge,
  Button,
  Group,
  List,
  Loader,
  Paper,
  Tabs,
  Text,
  Tooltip,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useBlocker, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState, type ReactNode } from 'react';
import { api, bodyOf, type PolicyVersion } from '../../api/client';
import { ApiProblem, sentenceOf } from '../../api/problem';
import { dateTime } from '../../format/format';
import { PolicyBadge } from '../../parts/badges';
import { Copyable } from '../../parts/copyable';
import { Page } from '../../parts/page';
import { useSession } from '../../session/session-provider';
import { Icon } from '../../shell/icons';
import { actorWord } from '../../words/words';
import { BacktestPanel } from './backtest-panel';
import { CasesPanel } from './cases-panel';
import { useCheck, type Check } from './checking';
import { ConflictAlert } from './conflict-alert';
import { DiffPanel } from './diff-panel';
import { ProductFields } from './dictionary';
import { documentOf, type Manuscript, type PanelProps, type PolicyDocument } from './document';
import { ExaminationPanel } from './examination-panel';
import { LifeButtons } from './life-buttons';
import { ListsPanel } from './lists-panel';
import { TAB_LABEL, tabOf, TABS, type Tab } from './places';
import { ProductSettings } from './product-settings';
import { InSection, ProductSwitch } from './product-switch';
import { problemsOf, viewOf, withView, type Product } from './product-view';
import { RulesPanel } from './rules-panel';
import { SettingsPanel } from './settings-panel';
import { ShadowPanel } from './shadow-panel';
import { TablesPanel } from './tables-panel';
import { useUndo } from './use-undo';

const OVERTAKEN = 412;

function manuscriptOf({ document, lists }: PolicyVersion): Manuscript {
  return { document: documentOf(document), lists };
}

/** A version with its panels. Of a draft, what is on the screen is checked while it is written and saved on demand. */
export function Editor({ version }: { readonly version: PolicyVersion }) {
  const { may } = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { aba: tab = 'tabelas', produto: product = 'private_payroll' } = useSearch({
    from: '/politica/$number',
  });
  // What the screen began with. A newer one on the server replaces it only where nothing was changed here.
  const [{ base, start }, setBegun] = useState(() => ({ base: version, start: manuscriptOf(version) }));
  const history = useUndo(start);
  const manuscript = history.now;
  const { document, lists } = manuscript;
  const isChanged = manuscript !== start;
  const adopt = (newer: PolicyVersion, changed?: Manuscript): void => {
    const begun = { base: newer, start: manuscriptOf(newer) };
    setBegun(begun);
    history.begin(changed ?? begun.start);
  };
  const isOvertaken = version.hash !== base.hash;

  const isDraft = version.state === 'draft';
  const isEditable = isDraft && may('policies.write_values');
  const mayChangeStructure = may('policies.write_structure');
  const check = useCheck(manuscript);
  const view = useMemo(() => viewOf(document, product), [document, product]);
  const problems = useMemo(() => problemsOf(check.problems, product), [check.problems, product]);

  const save = useMutation({
    mutationFn: () =>
      bodyOf(
        api.PUT(mayChangeStructure ? '/api/v1/policies/{number}' : '/api/v1/policies/{number}/values', {
          params: { path: { number: version.number }, header: { 'If-Match': `"${base.hash}"` } },
          body: manuscript,
        }),
      ),
    onSuccess: async (saved) => {
      adopt(saved);
      queries.setQueryData(['policy', String(version.number)], saved);
      notifications.show({ color: 'teal', message: 'Rascunho salvo.' });
      await queries.invalidateQueries({ queryKey: ['policies'] });
    },
    onError: (error) => {
      if (error instanceof ApiProblem && error.status === OVERTAKEN)
        void queries.invalidateQueries({ queryKey: ['policy', String(version.number)] });
    },
  });
  if (isOvertaken && !isChanged && !save.isPending) adopt(version);
  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      isChanged &&
      current.pathname !== next.pathname &&
      !window.confirm('Há mudanças que não foram salvas. Sair sem salvar?'),
    enableBeforeUnload: isChanged,
  });

  const go = (to: Tab, of: Product = product): void => {
    const search = of === 'private_payroll' ? { aba: to } : { aba: to, produto: of };
    void navigate({ to: '.', search, replace: true });
  };
  const changeDocument = (changed: PolicyDocument): void => {
    history.set({ document: changed, lists });
  };
  /** A panel of the chosen product's section. */
  const ofSection = (panel: (props: PanelProps & { readonly product: Product }) => ReactNode) => (
    <InSection
      document={document}
      view={view}
      product={product}
      mayAdd={isEditable && mayChangeStructure}
      onChange={changeDocument}
    >
      {(shown) =>
        panel({
          document: shown,
          product,
          isEditable,
          onChange: (changed) => {
            changeDocument(withView(document, product, changed));
          },
        })
      }
    </InSection>
  );

  return (
    <Page
      title={`Versão ${String(version.number)}`}
      subtitle={
        <Group gap="sm">
          <PolicyBadge status={version.state} />
          <span>{document.name}</span>
          <Copyable text={version.hash} shown={version.hash.slice(0, 12)} />
          <span>
            {version.authors.map(actorWord).join(', ')} · {dateTime(version.changed_at)}
          </span>
          {version.approver !== null && <span>aprovada por {actorWord(version.approver)}</span>}
          {version.activate_at !== null && <span>entra em vigor {dateTime(version.activate_at)}</span>}
        </Group>
      }
      actions={
        <>
          {may('policies.test') && (
            <CheckBadge
              check={check}
              onOpen={() => {
                go(
                  check.examination?.tests.some(({ passed }) => !passed) === true ? 'casos' : 'conferencias',
                );
              }}
            />
          )}
          {isEditable && (
            <>
              <StepButton name="undo" label="Desfazer" onClick={history.undo} />
              <StepButton name="redo" label="Refazer" onClick={history.redo} />
            </>
          )}
          {isEditable && isChanged ? (
            <>
              <Button
                variant="default"
                onClick={() => {
                  history.set(start);
                }}
              >
                Descartar mudanças
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
          ) : (
            <LifeButtons version={version} />
          )}
        </>
      }
    >
      {isOvertaken && isChanged ? (
        <ConflictAlert
          base={start}
          mine={manuscript}
          theirs={version}
          onReapply={(merged) => {
            save.reset();
            adopt(version, merged);
          }}
          onDiscard={() => {
            save.reset();
            adopt(version);
          }}
        />
      ) : (
        save.error !== null && <SaveRefusal error={save.error} />
      )}
      <Paper p="md">
        <ProductSwitch
          product={product}
          onChange={(chosen) => {
            go(tab, chosen);
          }}
        />
        <ProductFields product={product}>
          <Tabs
            keepMounted={false}
            value={tab}
            onChange={(chosen) => {
              go(chosen as Tab);
            }}
          >
            <Tabs.List mb="md">
              {TABS.map((one) => (
                <Tabs.Tab key={one} value={one} rightSection={<ErrorCount tab={one} check={check} />}>
                  {TAB_LABEL[one]}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value="tabelas">
              {ofSection((panel) => (
                <TablesPanel
                  key={product}
                  {...panel}
                  mayChangeStructure={mayChangeStructure}
                  number={version.number}
                  hash={base.hash}
                  original={viewOf(start.document, product)}
                  problems={problems}
                  history={history}
                  isChanged={isChanged}
                />
              ))}
            </Tabs.Panel>
            <Tabs.Panel value="regras">
              {ofSection((panel) => (
                <RulesPanel
                  {...panel}
                  manuscript={manuscript}
                  problems={problems}
                  isEditable={isEditable && mayChangeStructure}
                />
              ))}
            </Tabs.Panel>
            <Tabs.Panel value="limites">
              {ofSection((panel) =>
                product === 'private_payroll' ? (
                  <SettingsPanel {...panel} mayChangeStructure={mayChangeStructure} problems={problems} />
                ) : (
                  <ProductSettings {...panel} mayChangeStructure={mayChangeStructure} problems={problems} />
                ),
              )}
            </Tabs.Panel>
            <Tabs.Panel value="listas">
              <ListsPanel
                {...manuscript}
                number={version.number}
                isChanged={isChanged}
                isEditable={isEditable}
                mayDeclare={mayChangeStructure}
                problems={problems}
                onChange={history.set}
              />
            </Tabs.Panel>
            <Tabs.Panel value="casos">
              {ofSection((panel) => (
                <CasesPanel
                  {...panel}
                  manuscript={manuscript}
                  examination={check.examination}
                  problems={problems}
                />
              ))}
            </Tabs.Panel>
            <Tabs.Panel value="conferencias">
              <ExaminationPanel check={check} onGo={go} />
            </Tabs.Panel>
            <Tabs.Panel value="mudancas">
              <DiffPanel version={version} isChanged={isChanged} />
            </Tabs.Panel>
            <Tabs.Panel value="impacto">
              <BacktestPanel version={version} isChanged={isChanged} />
            </Tabs.Panel>
            <Tabs.Panel value="sombra">
              <ShadowPanel version={version} />
            </Tabs.Panel>
          </Tabs>
        </ProductFields>
      </Paper>
    </Page>
  );
}

/** Whether what is on the screen holds, at a glance. */
function CheckBadge({ check, onOpen }: { readonly check: Check; readonly onOpen: () => void }) {
  const errors = check.problems.filter(({ severity }) => severity === 'error').length;
  const warnings = check.problems.length - errors;
  const failing = check.examination?.tests.filter(({ passed }) => !passed).length ?? 0;
  const [color, text] =
    check.failure !== undefined
      ? ['orange', 'não foi possível conferir']
      : errors > 0
        ? ['red', `${String(errors)} ${errors === 1 ? 'erro' : 'erros'}`]
        : failing > 0
          ? ['red', `${String(failing)} ${failing === 1 ? 'caso falha' : 'casos falham'}`]
          : check.isSound === undefined
            ? ['gray', 'conferindo']
            : warnings > 0
              ? ['yellow', `${String(warnings)} ${warnings === 1 ? 'aviso' : 'avisos'}`]
              : ['teal', 'sem problemas'];
  return (
    <Badge
      component="button"
      type="button"
      variant="light"
      size="lg"
      tt="none"
      color={color}
      style={{ cursor: 'pointer' }}
      data-check={check.isBusy ? 'busy' : color}
      leftSection={check.isBusy ? <Loader size={12} color="gray" aria-label="Conferindo" /> : undefined}
      onClick={onOpen}
    >
      {text}
    </Badge>
  );
}

function StepButton({
  name,
  label,
  onClick,
}: {
  readonly name: 'undo' | 'redo';
  readonly label: string;
  readonly onClick: (() => void) | undefined;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="default"
        size="lg"
        aria-label={label}
        disabled={onClick === undefined}
        onClick={onClick}
      >
        <Icon name={name} size={16} />
      </ActionIcon>
    </Tooltip>
  );
}

/** How many errors are behind a tab. */
function ErrorCount({ tab, check }: { readonly tab: Tab; readonly check: Check }) {
  const errors = check.problems.filter(
    ({ severity, path }) => severity === 'error' && tabOf(path) === tab,
  ).length;
  const failing =
    tab === 'casos' ? (check.examination?.tests.filter(({ passed }) => !passed).length ?? 0) : 0;
  if (errors + failing === 0) return null;
  return (
    <Badge size="xs" color="red" aria-label={`${String(errors + failing)} a corrigir`}>
      {errors + failing > 99 ? '99+' : errors + failing}
    </Badge>
  );
}

/** Why nothing was saved; each problem also stands at its field. */
function SaveRefusal({ error }: { readonly error: unknown }) {
  if (!(error instanceof ApiProblem))
    return (
      <Alert color="red" role="alert">
        {sentenceOf(error)}
      </Alert>
    );
  const { paths } = error.more;
  return (
    <Alert color="red" role="alert" title={error.title}>
      {error.detail !== undefined && <Text size="sm">{error.detail}</Text>}
      <List size="sm">
        {error.errors.map(({ path, message }) => (
          <List.Item key={`${path} ${message}`}>
            <span className="mono">{path}</span>: {message}
          </List.Item>
        ))}
        {Array.isArray(paths) &&
          paths.map((path) => <List.Item key={String(path)}>{String(path)}</List.Item>)}
      </List>
    </Alert>
  );
}
