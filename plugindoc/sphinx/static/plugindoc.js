// plugindoc: filters lists as you type and copies answer-file lines. No dependencies, no network;
// a page is complete without it.
(() => {
  "use strict";

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  // Readers of an old anchor go where it went

  const moved = document.getElementById("pd-moved");
  const old = decodeURIComponent(location.hash.slice(1));
  if (moved && old && !document.getElementById(old)) {
    const target = JSON.parse(moved.textContent)[old];
    if (target) {
      location.replace(target);
    }
  }

  // Code that is wider than its place is scrolled by keyboard too

  for (const code of document.querySelectorAll(".highlight pre")) {
    if (code.scrollWidth > code.clientWidth) {
      code.tabIndex = 0;
    }
  }

  // Copy an answer-file line

  const copy = async (text, code) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Browsers withhold the clipboard from plain files: the old command still works there.
      const selection = getSelection();
      selection.selectAllChildren(code);
      const copied = document.execCommand("copy");
      selection.removeAllRanges();
      return copied;
    }
  };

  for (const line of document.querySelectorAll("p.pd-answer")) {
    const code = line.querySelector("code");
    const text = code.textContent;
    const button = element("button", { type: "button", textContent: "Copy" });
    button.setAttribute("aria-label", `Copy ${text}`);
    code.tabIndex = 0;
    button.addEventListener("click", async () => {
      button.textContent = (await copy(text, code)) ? "Copied" : "Press Ctrl+C";
      setTimeout(() => (button.textContent = "Copy"), 1500);
    });
    line.append(button);
  }

  // Filter a list

  const startFilter = (list) => {
    const rows = [...list.querySelectorAll(".pd-row")].map((row) => ({
      row,
      name: row.querySelector("a")?.textContent.toLowerCase() ?? "",
      // Not by its condition: who types an option's name means that option.
      text: [...row.querySelectorAll(".pd-row-head, .pd-row-summary")]
        .map((part) => part.textContent)
        .concat(row.dataset.search)
        .join(" ")
        .toLowerCase(),
      facets: new Set(row.dataset.facets.split(" ")),
      place: row.querySelector(".pd-row-place")?.textContent,
    }));
    const home = list.querySelector(".pd-rows");
    let sorted = rows;
    const noun = list.dataset.noun;
    const facets = JSON.parse(list.dataset.facets);

    const query = element("input", { type: "search", placeholder: `Filter ${noun}` });
    query.setAttribute("aria-label", `Filter ${noun}`);
    const count = element("p", { className: "pd-count" });
    count.setAttribute("role", "status");
    const none = element("p", { className: "pd-none", hidden: true });
    const form = element(
      "form",
      { className: "pd-filter" },
      element("div", { className: "pd-query" }, query),
    );
    form.setAttribute("role", "search");
    form.setAttribute("aria-label", `Filter ${noun}`);

    // The first facet is a choice of one, the others are marks that can be combined.
    const chosen = facets.map(([label, choices], which) => {
      const name = label.toLowerCase();
      if (choices.length > 6) {
        const select = element("select", { name });
        select.setAttribute("aria-label", label);
        select.append(element("option", { value: "", textContent: `Any ${name}` }));
        choices.forEach((choice) => select.append(element("option", { value: choice, textContent: choice })));
        form.append(element("div", { className: "pd-choose" }, select));
        return {
          name,
          get: () => (select.value ? [select.value] : []),
          set: (values) => (select.value = choices.includes(values[0]) ? values[0] : ""),
          tokens: () => (select.value ? [`${which}-${choices.indexOf(select.value)}`] : []),
        };
      }
      const boxes = choices.map((choice) => element("input", { type: "checkbox", value: choice }));
      form.append(
        element(
          "fieldset",
          {},
          element("legend", { textContent: label }),
          ...boxes.map((box) => element("label", {}, box, box.value)),
        ),
      );
      return {
        name,
        get: () => boxes.filter((box) => box.checked).map((box) => box.value),
        set: (values) => boxes.forEach((box) => (box.checked = values.includes(box.value))),
        tokens: () => boxes.flatMap((box, number) => (box.checked ? [`${which}-${number}`] : [])),
      };
    });
    form.append(count);

    // Rows whose name fits come before those whose text does.
    const sort = (words) => {
      const named = ({ name }) => words.every((word) => name.includes(word));
      const wanted = words.length ? [...rows.filter(named), ...rows.filter((r) => !named(r))] : rows;
      if (wanted.some(({ row }, place) => row !== sorted[place].row)) {
        home.append(...wanted.map(({ row }) => row));
        sorted = wanted;
      }
    };

    const apply = () => {
      const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
      const tokens = chosen.flatMap((facet) => facet.tokens());
      sort(words);
      let shown = 0;
      let last;
      for (const { row, text, facets: own, place } of sorted) {
        const fits = words.every((word) => text.includes(word)) && tokens.every((t) => own.has(t));
        row.hidden = !fits;
        shown += fits;
        if (fits) {
          row.classList.toggle("pd-repeats", place === last); // a phone shows each place once
          last = place;
        }
      }
      count.textContent =
        shown === rows.length ? `${shown} ${noun}` : `${shown} of ${rows.length} ${noun}`;
      none.hidden = shown > 0;
      none.textContent = `No ${noun} fit this filter.`;
    };

    const remember = () => {
      const url = new URL(location.href);
      const keep = (key, value) => (value ? url.searchParams.set(key, value) : url.searchParams.delete(key));
      keep("filter", query.value.trim());
      chosen.forEach((facet) => keep(facet.name, facet.get().join(",")));
      history.replaceState(null, "", url);
    };

    const recall = () => {
      const state = new URL(location.href).searchParams;
      query.value = state.get("filter") ?? "";
      chosen.forEach((facet) => facet.set((state.get(facet.name) ?? "").split(",")));
      apply();
    };

    const move = (step) => {
      const links = sorted.filter(({ row }) => !row.hidden).map(({ row }) => row.querySelector("a"));
      const stops = [query, ...links.filter(Boolean)];
      const now = stops.indexOf(document.activeElement);
      stops[Math.min(Math.max(now + step, 0), stops.length - 1)].focus();
    };

    form.addEventListener("input", () => {
      apply();
      remember();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      sorted.find(({ row }) => !row.hidden)?.row.querySelector("a")?.click();
    });
    list.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && event.target.tagName !== "SELECT") {
        event.preventDefault();
        move(step);
      } else if (event.key === "Escape" && (query.value || document.activeElement !== query)) {
        event.preventDefault();
        query.value = "";
        apply();
        remember();
        query.focus();
      }
    });
    addEventListener("popstate", recall);

    list.prepend(form);
    list.append(none);
    recall();
    return query;
  };

  const filters = [...document.querySelectorAll(".pd-list")]
    .filter((list) => list.querySelectorAll(".pd-row").length > 1)
    .map(startFilter);

  // "/" goes to the page's own field; without one it stays what the theme makes of it.
  filters.unshift(...document.querySelectorAll(".pd-find input"));
  if (filters.length) {
    const hint = element("kbd", { textContent: "/" });
    hint.setAttribute("aria-hidden", "true");
    filters[0].setAttribute("aria-keyshortcuts", "/");
    filters[0].after(hint);
    addEventListener(
      "keydown",
      (event) => {
        const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
        if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
          event.preventDefault();
          event.stopImmediatePropagation();
          filters[0].focus();
        }
      },
      { capture: true },
    );
  }
})();
