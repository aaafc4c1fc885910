// SPDX-License-Identifier: GPL-3.0-or-later
// Layouts hold where words are 40 % longer, as German or Finnish ones are: every state that the screenshots know, with
// a translator that lengthens each text of the source. No label, button or field is cut off, and nothing lies on
// another.
#include "tests/ui/states.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/elided_label.h"

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QApplication>
#include <QLabel>
#include <QLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollArea>
#include <QSet>
#include <QStyle>
#include <QStyleOptionFrame>
#include <QToolButton>
#include <QTranslator>
#include <QtTest>

using namespace kith;

namespace {

constexpr double kLonger = 0.4;

/// Accents show that a text is translated at all; what follows makes it longer. Placeholders stay as they are.
QString lengthened(const QString &source)
{
    static const QHash<QChar, QChar> accents{{u'a', u'á'}, {u'e', u'é'}, {u'i', u'í'}, {u'o', u'ó'},
                                             {u'u', u'ú'}, {u'A', u'Á'}, {u'E', u'É'}, {u'O', u'Ó'}};
    static const QRegularExpression kept(QStringLiteral("%L?[0-9n]|<[^>]*>|&"));
    QString out;
    qsizetype letters = 0, from = 0;
    const auto plain = [&](qsizetype to) {
        for (; from < to; ++from) {
            out += accents.value(source.at(from), source.at(from));
            ++letters;
        }
    };
    for (auto found = kept.globalMatch(source); found.hasNext();) {
        const auto match = found.next();
        plain(match.capturedStart());
        out += match.captured();
        from = match.capturedEnd();
    }
    plain(source.size());
    // Words of usual length, so that lines can break where they would.
    QString more;
    for (auto left = static_cast<qsizetype>(static_cast<double>(letters) * kLonger + 0.999); left > 0; --left)
        more += more.size() % 7 == 6 ? u' ' : u'ô';
    // A single word grows, it does not become two.
    return source.contains(u' ') ? out + u' ' + more : out + QString(more).remove(u' ');
}

class LongWords final : public QTranslator {
public:
    bool isEmpty() const override { return false; }
    QString translate(const char *context, const char *text, const char *hint, int) const override
    {
        // Formats of dates are no words.
        static const QRegularExpression format(QStringLiteral("^(d|dddd, d) M"));
        const QString source = QString::fromUtf8(text);
        if (qstrncmp(context, "Q", 1) == 0 || format.match(source).hasMatch() ||
            (hint && !qstrcmp(hint, "between names")))
            return {};
        return lengthened(source);
    }
};

bool isShown(const QWidget *widget, const QWidget *window)
{
    return widget->isVisibleTo(window) && widget->width() > 0 && widget->height() > 0;
}

/// The part of a widget that its parents, the window included, leave to see. Scroll areas may scroll there.
bool isInSight(const QWidget *widget, const QWidget *window)
{
    QRect rect(QPoint(), widget->size());
    for (const QWidget *at = widget; at != window; at = at->parentWidget()) {
        const QWidget *parent = at->parentWidget();
        rect.translate(at->pos());
        if (qobject_cast<const QScrollArea *>(parent->parentWidget()))
            return true;
        if (!parent->rect().adjusted(-1, -1, 1, 1).contains(rect))
            return false;
    }
    return true;
}

QString nameOf(const QWidget *widget)
{
    QString text;
    if (const auto *label = qobject_cast<const QLabel *>(widget))
        text = label->text();
    else if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
        text = button->text();
    else if (const auto *edit = qobject_cast<const QLineEdit *>(widget))
        text = edit->placeholderText();
    return QStringLiteral("%1#%2 “%3”")
        .arg(QLatin1String(widget->metaObject()->className()), widget->objectName(), text.left(60));
}

struct Findings {
    QStringList all;
    QString state;

    void add(const QWidget *widget, const QString &what)
    {
        all << state + QStringLiteral(": ") + nameOf(widget) + u' ' + what;
    }
};

void checkLabel(const QLabel *label, Findings &findings)
{
    if (label->text().isEmpty() || qobject_cast<const ui::ElidedLabel *>(label))
        return; // an elided one says itself where it ends
    if (label->wordWrap()) {
        const int needed = label->heightForWidth(label->width());
        if (needed > label->height() + 1)
            findings.add(label, QStringLiteral("needs a height of %1, has %2").arg(needed).arg(label->height()));
        // One word that is wider than the label is cut off at its side.
        const QFontMetrics metrics = label->fontMetrics();
        for (const QString &word : label->text().split(QRegularExpression(QStringLiteral("\\s|-"))))
            if (metrics.horizontalAdvance(word) > label->contentsRect().width() + 1 && word.size() < 40)
                findings.add(label, QStringLiteral("is narrower than the word “%1”").arg(word));
    } else if (const QSize needed = label->sizeHint();
               needed.width() > label->width() + 1 || needed.height() > label->height() + 1) {
        findings.add(label, QStringLiteral("needs %1×%2, has %3×%4")
                                .arg(needed.width())
                                .arg(needed.height())
                                .arg(label->width())
                                .arg(label->height()));
    }
}

void checkButton(const QAbstractButton *button, Findings &findings)
{
    const auto *tool = qobject_cast<const QToolButton *>(button);
    if (button->text().isEmpty() ||
        (tool && tool->toolButtonStyle() == Qt::ToolButtonIconOnly && !tool->icon().isNull()))
        return;
    const QSize needed = button->sizeHint();
    if (needed.width() > button->width() + 1)
        findings.add(button, QStringLiteral("needs a width of %1, has %2").arg(needed.width()).arg(button->width()));
}

void checkField(QLineEdit *edit, Findings &findings)
{
    if (!edit->text().isEmpty() || edit->placeholderText().isEmpty())
        return;
    QStyleOptionFrame option;
    option.initFrom(edit);
    const QRect inside = edit->style()->subElementRect(QStyle::SE_LineEditContents, &option, edit);
    const int icons = edit->actions().isEmpty() ? 0 : 24;
    const int needed = edit->fontMetrics().horizontalAdvance(edit->placeholderText());
    if (needed > inside.width() - icons)
        findings.add(edit, QStringLiteral("shows %1 of its hint's %2").arg(inside.width() - icons).arg(needed));
}

/// Widgets that one layout places do not lie on one another.
void checkLayout(const QLayout *layout, Findings &findings, const QWidget *window)
{
    std::vector<const QWidget *> placed;
    for (int i = 0; i < layout->count(); ++i) {
        const QLayoutItem *item = layout->itemAt(i);
        if (const QWidget *widget = item->widget(); widget && isShown(widget, window))
            placed.push_back(widget);
        else if (const QLayout *inner = const_cast<QLayoutItem *>(item)->layout())
            checkLayout(inner, findings, window);
    }
    if (layout->inherits("QStackedLayout"))
        return;
    for (std::size_t i = 0; i < placed.size(); ++i)
        for (std::size_t j = i + 1; j < placed.size(); ++j)
            if (placed[i]->geometry().adjusted(1, 1, -1, -1).intersects(placed[j]->geometry().adjusted(1, 1, -1, -1)))
                findings.add(placed[i], QStringLiteral("lies on ") + nameOf(placed[j]));
}

void check(QWidget &window, Findings &findings)
{
    for (QWidget *widget : window.findChildren<QWidget *>()) {
        if (widget->isWindow() || !isShown(widget, &window))
            continue;
        if (const auto *label = qobject_cast<QLabel *>(widget))
            checkLabel(label, findings);
        else if (const auto *button = qobject_cast<QAbstractButton *>(widget))
            checkButton(button, findings);
        else if (auto *edit = qobject_cast<QLineEdit *>(widget))
            checkField(edit, findings);
        const bool words = qobject_cast<QLabel *>(widget) || qobject_cast<QAbstractButton *>(widget) ||
                           qobject_cast<QLineEdit *>(widget);
        if (words && widget->window() == &window && !isInSight(widget, &window))
            findings.add(widget, QStringLiteral("reaches out of what holds it"));
        if (widget->layout())
            checkLayout(widget->layout(), findings, &window);
    }
    if (window.layout())
        checkLayout(window.layout(), findings, &window);
}

} // namespace

class TestLongerWords final : public QObject {
    Q_OBJECT
private slots:
    void texts_growByFortyPerCentAndKeepTheirPlaceholders()
    {
        const QString source = QStringLiteral("%1 of %2 loaded"), longer = lengthened(source);
        QVERIFY(longer.contains(QStringLiteral("%1")) && longer.contains(QStringLiteral("%2")));
        QVERIFY(longer.size() >= source.size() * 1.3);
        QVERIFY(longer.contains(u'á') || longer.contains(u'é'));
        QVERIFY(!lengthened(QStringLiteral("Members")).contains(u' '));
    }

    void whatIsCutOff_isFound()
    {
        // The checks can fail: a label without room, two that lie on one another.
        QWidget window;
        window.resize(200, 100);
        auto *narrow = new QLabel(QStringLiteral("much too long for this"), &window);
        narrow->setGeometry(0, 0, 30, 20);
        auto *outside = new QPushButton(QStringLiteral("Out"), &window);
        outside->setGeometry(180, 0, 90, 40);
        window.show();
        Findings findings;
        check(window, findings);
        QCOMPARE(findings.all.size(), 2);
        QVERIFY(findings.all[0].contains(QStringLiteral("needs")));
        QVERIFY(findings.all[1].contains(QStringLiteral("reaches out")));
    }

    void everyState_hasRoomForLongerWords()
    {
        LongWords words;
        qApp->installTranslator(&words);
        Findings findings;
        int states = 0, longer = 0;
        test::visitStates(*qApp, false, [&](QWidget &window, const char *name) {
            // Chinese is short; and the newest translator is asked first.
            if (QLatin1String(name).contains(QLatin1String("zh")))
                return;
            qApp->removeTranslator(&words);
            qApp->installTranslator(&words);
            for (int i = 0; i < 5; ++i)
                QApplication::processEvents();
            findings.state = QLatin1String(name);
            check(window, findings);
            ++states;
            for (const QLabel *label : window.findChildren<QLabel *>())
                longer += label->text().contains(u'ô') ? 1 : 0;
        });
        qApp->removeTranslator(&words);
        QVERIFY(states > 40);
        QVERIFY(longer > states); // they were longer indeed
        const QSet<QString> once(findings.all.begin(), findings.all.end());
        for (const QString &one : once)
            qWarning("%s", qPrintable(one));
        QCOMPARE(once.size(), 0);
    }
};

QTEST_MAIN(TestLongerWords)
#include "test_longer_words.moc"
