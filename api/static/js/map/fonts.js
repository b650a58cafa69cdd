/**
 * Fonts of the map. The style has no `glyphs`, so MapLibre draws text with the fonts of the
 * machine and takes the weight from the first name of the stack.
 */
const FAMILIES = ["Inter", "system-ui", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"];

export const REGULAR = ["Inter Regular", ...FAMILIES];
export const BOLD = ["Inter SemiBold", ...FAMILIES];
