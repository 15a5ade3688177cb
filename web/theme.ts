import { createTheme, type CSSVariablesResolver } from '@mantine/core';

/** System fonts only, and shades whose contrast holds in light and in dark. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 7 },
  autoContrast: true,
  defaultRadius: 'md',
  colors: {
    dark: [
      '#d7dadf',
      '#b8bdc4',
      '#8f959e',
      '#6b717a',
      '#3d424b',
      '#32363d',
      '#24282e',
      '#1e2126',
      '#16181c',
      '#101215',
    ],
  },
  fontFamily: 'system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, monospace',
  headings: { fontWeight: '600' },
  cursorType: 'pointer',
});

/** Colours that Mantine's defaults leave below the contrast of 4.5 to 1, and those of our own parts. */
export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5c636a',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-placeholder': '#6b7278',
    '--agnes-canvas': '#f6f7f9',
    '--agnes-surface': '#ffffff',
    '--agnes-line': '#e1e4e8',
    '--agnes-hover': '#f6f7f9',
    '--agnes-selected': '#e7ecfd',
    '--agnes-selected-text': '#364fc7',
    '--agnes-good': '#237536',
    '--agnes-bad': '#c92a2a',
    '--agnes-busy': '#3b5bdb',
    '--agnes-edge': '#868e96',
    '--agnes-holder': '#8a4b00',
    '--agnes-banner': '#fff3d6',
    '--agnes-banner-text': '#5c3d00',
  },
  dark: {
    '--mantine-color-dimmed': '#a6a7ab',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-placeholder': '#8f9399',
    '--agnes-canvas': '#16181c',
    '--agnes-surface': '#1e2126',
    '--agnes-line': '#32363d',
    '--agnes-hover': '#24282e',
    '--agnes-selected': '#28314f',
    '--agnes-selected-text': '#bac8ff',
    '--agnes-good': '#69db7c',
    '--agnes-bad': '#ff8787',
    '--agnes-busy': '#91a7ff',
    '--agnes-edge': '#6b717a',
    '--agnes-holder': '#ffc078',
    '--agnes-banner': '#3d3113',
    '--agnes-banner-text': '#ffe8b0',
  },
});
