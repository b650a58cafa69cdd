/** Notes of an account, written where they are read. What is being typed stays until it is saved. */

import { act, h } from "../dom.js";

const MOST = 4000;

export function mountNotes() {
  let card = null;
  const area = h("textarea", {
    id: "account-notes",
    rows: "3",
    maxlength: String(MOST),
    "aria-describedby": "account-notes-error",
    oninput: () => show(),
  });
  const save = h(
    "button",
    {
      type: "button",
      class: "button button-small",
      onclick: () => {
        const { account_id: id, version } = card;
        act(element, "saveNotes", { id, version, notes: area.value });
      },
    },
    "Save the notes",
  );
  const error = h("div", { class: "field-error", id: "account-notes-error", role: "alert" });
  const element = h(
    "section",
    { class: "card-part" },
    h("label", { for: "account-notes", class: "card-label" }, "Notes"),
    area,
    error,
    save,
  );

  function show() {
    save.hidden = area.value === (card?.notes ?? "");
  }

  return {
    element,
    /** @param {{card: object, saving?: string | null, refused?: string | null}} account */
    update({ card: next, saving, refused }) {
      const isSame = card?.account_id === next.account_id;
      const isSaved = isSame && card.version !== next.version;
      const isUntouched = area.value === (card?.notes ?? "");
      if (!isSame || isUntouched || (isSaved && area.value === next.notes)) {
        area.value = next.notes ?? "";
      }
      card = next;
      error.textContent = refused ?? "";
      save.disabled = saving === "notes";
      show();
    },
  };
}
