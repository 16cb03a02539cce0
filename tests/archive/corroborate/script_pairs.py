"""Scripts that one of two pages has: what takes hold of the page, however it is written, and what does not.

Each entry is the script, in a page whose main text is an element with the id `story`.
"""

from __future__ import annotations

FORGED = {
    "code between comments in texts": 'var a="/*";document.body.innerHTML="x";var b="*/";',
    "code behind a line that ends otherwise": "a()\n//x\rdocument.body.hidden=true\n",
    "code behind the end of a line in Unicode": "//a\u2028document.body.hidden=true",
    "slashes in a pattern": "x=/[/]//1;document.body.hidden=true",
    "slashes in a template": "var a=`\n //`;document.body.hidden=true;",
    "slashes in a template of a template": "a=`${`//`}`;document.body.hidden=true;",
    "text in a pattern": "if(x)/'/.test(y);b('Nobody lived there')//'",
    "members put together": 'var d=document;d["bo"+"dy"]["inner"+"HTML"]="x"',
    "members in escapes": 'var d=document;d["\\x62ody"]["\\x69nnerHTML"]="x"',
    "names in escapes": 'var d=document;d.b\\u006fdy.inn\\u0065rHTML="x"',
    "member that is computed": "var a='inner',b='HTML';d[a+b]='x'",
    "selector in a variable": 'var s="main p";var e=document.querySelector(s);e.dataset.x=1',
    "selector in a variable, for a framework": 'var s="main";$(s).hide()',
    "selector from elsewhere": "document.querySelector(window.name).className='x'",
    "selector put together": "document.querySelector('ma'+x).className='x'",
    "optional call": 'document.querySelector?.("main").remove()',
    "id for a framework": 'dojo.byId("story").hide()',
    "element by its id": "story.style.display='none'",
    "root": "document.documentElement.remove()",
    "class of the root": 'document.documentElement.classList.add("hide-all")',
    "class of the body": 'document.body.classList.add("hide-all")',
    "child of the root": "var h=document.documentElement;h.lastChild.remove()",
    "body of an argument": "(d=>{d.body.dataset.x=1})(document)",
    "body by its name": "var {body:b}=document;b.lastChild.remove()",
    "element at a place": "document.elementFromPoint(300,300).remove()",
    "neighbour of a script": "document.currentScript.previousElementSibling.className='x'",
    "style sheets": "document.styleSheets[0].disabled=true",
    "text that is split": "q.splitText(3)",
    "markup by a new method": "q.setHTMLUnsafe(t)",
    "method as a member": 'q["append"](t)',
    "element that is moved": "q.insertBefore(t,q.nextSibling)",
    "style as an attribute": 'q.setAttribute("style",x)',
    "page that is opened": 'open("//evil.example")',
    "link that is pressed": 'var a=document.createElement("a");a.href="//evil.example";a.click()',
    "call behind that of a framework": "dataLayer.push({}),q.remove()",
    "words of a list": 'b(["No","civilians","lived"].join(" "))',
    "words put together": 'b("No "+"civilians "+"lived")',
    "another name of the page": "document.scrollingElement.style.display='none'",
    "element by an expression": "document.evaluate('//h1',document).iterateNext().style.opacity=0",
    "style sheet that is put in": (
        'var l=document.createElement("link");l.rel="stylesheet";l.href="/css/hide.css";document.head.appendChild(l)'
    ),
    "script that is put in": 'var s=document.createElement("script");s.src="/js/a.js";document.head.appendChild(s)',
    "font that is put in": 'document.fonts.add(new FontFace("Arial","url(/f.woff2)"))',
    "function that selects, as a value": 'var q=document.querySelector.bind(document);q("p").style.display="none"',
    "page out of an object": "const{documentElement:h}=document;h.hidden=true",
    "element by its id, as a global": 'story.toggleAttribute("hidden")',
    "element by its id, of the window": 'window.story.dir="rtl"',
    "element by its id, handed on": 'document.querySelector(".menu").appendChild(story)',
    "element of an event": 'addEventListener("mousemove",e=>{e.target.style.opacity=0})',
    "cover": 'document.querySelector(".site-head").style.boxShadow="0 0 0 9999px #fff"',
    "style sheet that is switched off": 'document.querySelector("link").disabled=true',
    "frame with another page": 'document.querySelector("iframe").src="/note.html"',
    "method of all numbers": 'Number.prototype.toLocaleString=()=>"37"',
    "function of all programs": "window.fetch=function(){return 1}",
    "element of the site's own": 'customElements.define("site-x",class extends HTMLElement{})',
    "text that takes back": 'cfg.note="withdrawn"',
    "message": 'alert("withdrawn")',
    "link that is pressed by an event": 'document.querySelector(".logo").dispatchEvent(new MouseEvent("click"))',
    "end of all loading": "window.stop()",
}
HONEST = {
    "loader of a service": (
        "(function(w,d,s,l,i){w[l]=w[l]||[];var f=d.getElementsByTagName(s)[0],j=d.createElement(s);j.async=true;"
        "j.src='https://cdn.count.example/t.js?id='+i;f.parentNode.insertBefore(j,f)})(window,document,'script','queue','C-1');"
    ),
    "classes of another element": "document.querySelector('.menu').classList.remove('open')",
    "another element that is taken away": "document.querySelector('.banner').remove()",
    "another element by a variable": "var s='.banner';document.querySelector(s).remove()",
    "list by its numbers": "list[i+1]=list[list.length-1]",
    "script that removes itself": "document.currentScript.remove()",
    "loader of a known service": (
        'var s=document.createElement("script");s.src="https://www.googletagmanager.com/gtm.js?id=G-1";document.head.appendChild(s)'
    ),
    "method of its own": "Fc.prototype.get=function(){return Object.prototype.hasOwnProperty.call(this.a,1)}",
    "switch": "var testing=false",
    "listener": 'document.addEventListener("click",function(e){count(e.target.id)})',
    "name that the script gives": "var story={};story.open=true;show(story)",
    "another element that is hidden": "document.querySelector('.banner').style.display='none'",
    "own method of a class": "class Menu{turn(){this.state=1}}",
    "size of the window": "var h=document.documentElement.clientHeight,w=document.body.clientWidth",
    "comment": "/* document.body.innerHTML = x */ a=1 // location",
}
