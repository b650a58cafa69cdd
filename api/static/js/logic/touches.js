/** Channels and roles in words. */

export const CHANNEL_WORDS = {
  mail: "Mail",
  phone: "Phone",
  video: "Video call",
  field: "Visit",
  demo: "Demo",
};

/** "inside_sales" as "Inside sales". */
export function roleWords(role) {
  const words = role.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
