// plugindoc: filters lists as you type and copies answer-file lines. No dependencies, no network;
// a page is complete without it.
(() => {
  "use strict";

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  // The page's language, where it is not English

  const say = (text, ...values) =>
    (window.plugindocWords?.[text] ?? text).replace(/\{(\d)\}/g, (_found, number) => values[number]);

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
    const button = element("button", { type: "button", textContent: say("Copy") });
    button.setAttribute("aria-label", say("Copy {0}", text));
    code.tabIndex = 0;
    button.addEventListener("click", async () => {
      button.textContent = (await copy(text, code)) ? say("Copied") : say("Press Ctrl+C");
      setTimeout(() => (button.textContent = say("Copy")), 1500);
    });
    line.append(button);
  }

  // Filter a list

  const squash = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, "");

  // How many letters one has to add, drop, change or swap to make one word of another.
  const distance = (one, other) => {
    let before;
    let last = Array.from({ length: other.length + 1 }, (_, place) => place);
    for (let i = 1; i <= one.length; i++) {
      const row = [i];
      for (let j = 1; j <= other.length; j++) {
        const same = one[i - 1] === other[j - 1] ? 0 : 1;
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      [before, last] = [last, row];
    }
    return last[other.length];
  };

  // Where a word is found: 0 in the name (less where one of its words begins so), 1 in the text, 2 in
  // the condition; 3 nowhere.
  const rankOf = ({ name, squashed, text, condition }, word) => {
    if (word.includes("*")) {
      const parts = word.split("*").map((part) => part.replace(/[^\w-]/g, "\\$&"));
      return new RegExp(`^${parts.join(".*")}$`).test(name) ? 0 : 3;
    }
    if (name.split("_").some((part) => part.startsWith(word))) {
      return -1;
    }
    const joined = squash(word);
    if (name.includes(word) || (joined.length > 2 && squashed.includes(joined))) {
      return 0;
    }
    return text.includes(word) ? 1 : condition.includes(word) ? 2 : 3;
  };

  const startFilter = (list) => {
    const textOf = (row, selector) =>
      [...row.querySelectorAll(selector)].map((part) => part.textContent).join(" ").toLowerCase();
    const answers = JSON.parse(list.dataset.depends ?? "[]").map((one) => one.toLowerCase());
    const rows = [...list.querySelectorAll(".pd-row")].map((row) => {
      const name = row.querySelector("a")?.textContent.toLowerCase() ?? "";
      return {
        row,
        name,
        squashed: squash(name),
        text: `${textOf(row, ".pd-row-head, .pd-row-summary")} ${row.dataset.search.toLowerCase()}`,
        condition: textOf(row, ".pd-row-note"),
        facets: new Set(row.dataset.facets.split(" ")),
        depends: (row.dataset.depends ?? "").split(" ").filter(Boolean).map((n) => answers[n]),
        place: row.querySelector(".pd-row-place")?.textContent,
      };
    });
    const vocabulary = new Set(rows.flatMap(({ name }) => name.split(/[^a-z0-9]+/)));
    const home = list.querySelector(".pd-rows");
    let sorted = rows;
    const noun = list.dataset.noun;
    const facets = JSON.parse(list.dataset.facets);

    const query = element("input", { type: "search", placeholder: say("Filter {0}", noun) });
    query.setAttribute("aria-label", say("Filter {0}", noun));
    const count = element("p", { className: "pd-count" });
    count.setAttribute("role", "status");
    const none = element("p", { className: "pd-none", hidden: true });
    const form = element(
      "form",
      { className: "pd-filter" },
      element("div", { className: "pd-query" }, query),
    );
    form.setAttribute("role", "search");
    form.setAttribute("aria-label", say("Filter {0}", noun));

    // The first facet is a choice of one, the others are marks that can be combined.
    const chosen = facets.map(([label, choices], which) => {
      const name = label.toLowerCase();
      if (choices.length > 6) {
        const select = element("select", { name });
        select.setAttribute("aria-label", label);
        select.append(element("option", { value: "", textContent: say("Any {0}", name) }));
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

    const needs = element("input", {
      type: "text",
      name: "depends",
      placeholder: say("Depends on OPTION=value"),
    });
    needs.setAttribute("aria-label", say("Depends on option"));
    if (answers.length) {
      const known = element("datalist", { id: `pd-answers-${list.dataset.noun}` });
      const names = JSON.parse(list.dataset.depends).flatMap((one) => [one.split("=")[0], one]);
      [...new Set(names)].forEach((value) => known.append(element("option", { value })));
      needs.setAttribute("list", known.id);
      form.insertBefore(element("div", { className: "pd-needs" }, needs, known), count);
    }

    // "depends on OPTION=value" may be typed as well.
    const asked = () => {
      const typed = /^depends on\s+(\S+)\s*(.*)$/i.exec(query.value.trim());
      const wanted = (typed?.[1] ?? needs.value).trim().toLowerCase();
      const words = (typed ? typed[2] : query.value).toLowerCase().split(/\s+/).filter(Boolean);
      return { wanted, words };
    };
    const dependsOn = (answer, wanted) =>
      wanted.includes("=")
        ? answer === wanted || answer === wanted.split("=")[0]
        : answer.split("=")[0].includes(wanted);

    // Rows in whose name all words are come first, those with a word in their condition last.
    const sort = (words) => {
      const ranks = new Map(
        rows.map((one) => [one, Math.max(-1, ...words.map((word) => rankOf(one, word)))]),
      );
      const order = [...rows].sort((one, other) => ranks.get(one) - ranks.get(other));
      const isFound = (one) => ranks.get(one) < 3; // the order of hidden rows does not matter
      const now = sorted.filter(isFound);
      if (order.filter(isFound).some((one, place) => one !== now[place])) {
        home.append(...order.map(({ row }) => row));
        sorted = order;
      }
      return ranks;
    };

    // For a word that is nowhere, the one of a name that is most like it.
    const correct = (word) => {
      if (rows.some((one) => rankOf(one, word) < 3)) {
        return word;
      }
      const most = word.length > 5 ? 2 : 1;
      const near = [...vocabulary]
        .map((known) => [distance(squash(word), known), known])
        .filter(([far]) => far <= most)
        .sort(([far], [further]) => far - further);
      return near[0]?.[1] ?? word;
    };

    const suggest = (words) => {
      none.replaceChildren(say("No {0} fit this filter.", noun));
      const better = words.map(correct).join(" ");
      if (words.length && better !== words.join(" ")) {
        const button = element("button", { type: "button", textContent: better });
        button.addEventListener("click", () => {
          query.value = better;
          form.dispatchEvent(new Event("input"));
          query.focus();
        });
        none.append(` ${say("Did you mean")} `, button, "?");
      }
      const search = document.querySelector('link[rel="search"]')?.href;
      if (search && words.length) {
        const href = `${search}?q=${encodeURIComponent(words.join(" "))}`;
        none.append(" ", element("a", { href, textContent: say("Search all pages") }), ".");
      }
    };

    const apply = () => {
      const { wanted, words } = asked();
      const tokens = chosen.flatMap((facet) => facet.tokens());
      const ranks = sort(words);
      let shown = 0;
      let last;
      for (const one of sorted) {
        const { row, facets: own, place } = one;
        const fits =
          ranks.get(one) < 3 &&
          tokens.every((token) => own.has(token)) &&
          (!wanted || one.depends.some((answer) => dependsOn(answer, wanted)));
        row.hidden = !fits;
        shown += fits;
        if (fits) {
          row.classList.toggle("pd-repeats", place === last); // a phone shows each place once
          last = place;
        }
      }
      count.textContent =
        shown === rows.length ? `${shown} ${noun}` : say("{0} of {1} {2}", shown, rows.length, noun);
      none.hidden = shown > 0;
      if (!shown) {
        suggest(words);
      }
    };

    const remember = () => {
      const url = new URL(location.href);
      const keep = (key, value) => (value ? url.searchParams.set(key, value) : url.searchParams.delete(key));
      keep("filter", query.value.trim());
      keep("depends", needs.value.trim());
      chosen.forEach((facet) => keep(facet.name, facet.get().join(",")));
      history.replaceState(null, "", url);
    };

    const recall = () => {
      const state = new URL(location.href).searchParams;
      query.value = state.get("filter") ?? "";
      needs.value = state.get("depends") ?? "";
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
      } else if (event.key === "Enter" && event.target === query) {
        event.preventDefault(); // with two fields, no browser does so by itself
        form.requestSubmit();
      } else if (event.key === "Escape" && (query.value || needs.value || document.activeElement !== query)) {
        event.preventDefault();
        query.value = needs.value = "";
        apply();
        remember();
        query.focus();
      }
    });
    addEventListener("popstate", recall);

    list.prepend(form);
    list.append(none);
    recall();
    if (new URL(location.href).searchParams.has("filter") && !location.hash) {
      query.focus(); // who comes from the field of another page goes on typing
    }
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
