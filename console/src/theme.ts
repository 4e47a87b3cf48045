import {
  createTheme,
  Modal,
  Paper,
  Table,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';

/** Deep green of a hammer's felt: calm, and far from the red and yellow that mean something. */
const felt: MantineColorsTuple = [
  '#e7faf5',
  '#d3f0e8',
  '#a5e0d0',
  '#74cfb7',
  '#4dc1a2',
  '#35b995',
  '#1f9d7d',
  '#0b7a6b',
  '#08695c',
  '#04564b',
];

export const theme = createTheme({
  primaryColor: 'felt',
  primaryShade: { light: 7, dark: 6 },
  colors: { felt },
  autoContrast: true,
  luminanceThreshold: 0.36,
  defaultRadius: 'md',
  fontFamily: "'Inter', system-ui, -apple-system, 'Segoe UI', Roboto, 'Open Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'Roboto Mono', Menlo, Consolas, monospace",
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.125rem' } } },
  components: {
    Paper: Paper.extend({ defaultProps: { withBorder: true, radius: 'md' } }),
    Modal: Modal.extend({ defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Fechar' } } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 'xs', highlightOnHover: true } }),
  },
});

/** Greys that can be read by everybody (WCAG AA) on both grounds. */
export const readableGreys: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#55615f',
    '--mantine-color-placeholder': '#6b7775',
    '--page': '#f6f8f8',
  },
  dark: {
    '--mantine-color-dimmed': '#a3adad',
    '--mantine-color-placeholder': '#8b9696',
    '--mantine-color-body': '#171c1c',
    '--page': '#101414',
  },
});
